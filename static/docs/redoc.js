// The search would start a worker from a blob:, which the page's policy forbids.
window.addEventListener("DOMContentLoaded", () => {
  Redoc.init("/openapi.json", { disableSearch: true }, document.getElementById("reference"));
});
