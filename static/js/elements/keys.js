// Keys: each presses or focuses what carries it in data-key; none has code of its own. What no control carries is
// offered to the elements of the page as "loose-key"; then rows are walked over.
const root = document.documentElement,
  WAIT = 1500;
const isTyping = (at) =>
  at.matches("textarea, select, input:not([type=checkbox], [type=radio])") || at.isContentEditable;
const carrier = (keys) =>
  [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].find((one) => one.checkVisibility());
let begun = "",
  forget;

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (
    root.dataset.keys === "off" ||
    event.defaultPrevented ||
    event.isComposing ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey
  )
    return;
  if (isTyping(target) || document.querySelector("dialog[open]")) return;
  const keys = begun + key,
    control = carrier(keys);
  clearTimeout(forget);
  begun = "";
  if (control) controls.press(control);
  else if (key !== " " && document.querySelector(`[data-key^="${CSS.escape(key)} "]`)) {
    begun = `${key} `;
    forget = setTimeout(() => (begun = ""), WAIT);
  } else if (target.dispatchEvent(loose(key)) && !walk(event)) return;
  event.preventDefault();
});

function loose(key) {
  return new CustomEvent("loose-key", { detail: key, bubbles: true, cancelable: true });
}

function walk({ key, shiftKey, target }) {
  const rows = [
    ...document.querySelectorAll("main :is(li > a.title, li > div > a.title, li > div > .line > a.title)"),
  ].filter((one) => one.checkVisibility());
  const row = target.closest("li"),
    at = rows.findIndex((one) => row?.contains(one));
  const own = at >= 0 && row.querySelector(`[data-row-key="${CSS.escape(key)}"]`);
  const step = { j: 1, k: -1, ...(target === rows[at] && { ArrowDown: 1, ArrowUp: -1 }) }[key];
  if (step) (rows[at < 0 ? 0 : at + step] ?? rows[at])?.focus();
  else if (own) actOn(own);
  else if (at >= 0 && key === "o") rows[at].click();
  else if (at >= 0 && key.toLowerCase() === "x")
    row
      .querySelector("[type=checkbox], [type=radio]")
      ?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
  else return false;
  return rows.length > 0;
}

// A row's own control. One that opens a menu leads into it.
function actOn(control) {
  control.click();
  if (control.matches("summary")) control.nextElementSibling.querySelector("button, a").focus();
}

// The keys' own page, over the page that asks for it.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-key='?']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || location.pathname === "/keys") return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } }),
      page = fresh.parsed(await answer.text());
    const dialog = document.createElement("dialog"),
      close = document.createElement("button");
    dialog.className = "over";
    dialog.ariaLabel = _("Keys");
    close.className = "button";
    close.textContent = _("Close");
    close.addEventListener("click", () => dialog.close());
    close.autofocus = true; // else the choice at the end would have the focus, and the keys be out of sight
    page.querySelector("main form")?.remove();
    dialog.append(close, ...page.querySelector("main").children);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  } catch {
    location.assign(link.href);
  }
});
