// Back in a list or on a board, by the browser or by the page's link, the row or card that one came from has the
// focus.
const LEFT = "cairn-left",
  TITLES = ".issue-row .title, .board-cards li > a";
document.addEventListener("click", (event) => {
  const title = event.target.closest(TITLES);
  if (title) sessionStorage.setItem(LEFT, title.pathname);
});
// Not before: on its way to the address's #… the browser takes the focus from wherever it is.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) return;
  const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward",
    left = isBack ? sessionStorage.getItem(LEFT) : null,
    at = location.hash.slice(1);
  const come = [...document.querySelectorAll(TITLES)].find((title) => {
    // A card that stands in several columns has the column behind its number.
    const { id } = title.closest("li");
    return isBack
      ? title.pathname === left
      : at && (id === at || (at.startsWith("card-") && id.startsWith(`${at}-`)));
  });
  come?.focus();
});
