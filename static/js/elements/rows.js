// Back in a list, by the browser or by "Back to the list", the row that one came from has the focus.
const LEFT = "cairn-left";
document.addEventListener("click", (event) => {
  const title = event.target.closest(".issue-row .title");
  if (title) sessionStorage.setItem(LEFT, title.pathname);
});
// Not before: on its way to the address's #… the browser takes the focus from wherever it is.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) return;
  const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward",
    left = isBack ? sessionStorage.getItem(LEFT) : null;
  const come = [...document.querySelectorAll(".issue-row .title")].find((title) =>
    isBack ? title.pathname === left : location.hash && title.closest("li").id === location.hash.slice(1),
  );
  come?.focus();
});
