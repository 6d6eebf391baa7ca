// Ctrl+K or ⌘K: anywhere by a few letters. What the page itself can do comes first; /search and /palette are the same
// without.
const WAIT = 150,
  MOST = 20,
  FIRST = 8;
let dialog, field, list, told, waiting, shown;

document.addEventListener("keydown", (event) => {
  if (
    event.key.toLowerCase() !== "k" ||
    !(event.ctrlKey || event.metaKey) ||
    event.shiftKey ||
    event.altKey ||
    event.target.matches("textarea")
  )
    return;
  event.preventDefault();
  if (!dialog) make();
  if (dialog.open) return;
  field.value = shown = "";
  list.replaceChildren();
  dialog.showModal();
  look();
});

function make() {
  dialog = Object.assign(document.createElement("dialog"), { className: "over palette", ariaLabel: "Go to" });
  field = Object.assign(document.createElement("input"), {
    type: "text",
    placeholder: "Issue, project or page",
    autocomplete: "off",
    ariaLabel: "Go to",
  });
  list = Object.assign(document.createElement("ul"), { id: "places", role: "listbox", ariaLabel: "Places" });
  told = Object.assign(document.createElement("p"), { role: "status" });
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-controls": "places",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
  }))
    field.setAttribute(name, value);
  dialog.append(field, list, told);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    const options = [...list.children],
      at = options.findIndex((one) => one.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing) return;
    if (step && options.length) select(options.at((at + step) % options.length));
    else if (event.key === "Enter") enter();
    else return;
    event.preventDefault();
  });
  document.body.append(dialog);
}

// Who types fast presses Enter before the list has followed: what it led to before is not what is meant.
async function enter() {
  const q = field.value.trim();
  clearTimeout(waiting);
  if (q !== shown) await look();
  if (dialog.open && q === shown) list.querySelector("[aria-selected=true]")?.click();
}

async function look() {
  const q = field.value.trim();
  const answer = await fetch(`/palette?${new URLSearchParams({ q })}`, {
    headers: { Accept: "application/json" },
  }).catch(() => null);
  const places = answer?.ok ? (await answer.json()).items : [];
  if (q !== field.value.trim()) return;
  const names = (one) => one.innerText.toLowerCase().includes(q.toLowerCase()) && one.checkVisibility();
  // Those with keys first: of links to one address, that one stays. Before anything is typed, a few are enough.
  const own = [
    ...document.querySelectorAll(":is(a, button)[data-key]"),
    ...(q ? document.querySelectorAll("nav a") : []),
  ].filter(names);
  const options = new Map();
  const add = (at, ...one) => options.has(at) || options.set(at, option(...one));
  for (const one of own.slice(0, q ? MOST : FIRST))
    add(one.getAttribute("href") ?? one, one.innerText, one.dataset.key ?? "", () => one.click());
  for (const one of places) add(one.at, one.name, one.key, () => location.assign(one.at));
  list.replaceChildren(...[...options.values()].slice(0, MOST));
  for (const [at, one] of list.childNodes.entries()) one.id = `place-${at}`;
  shown = q;
  field.ariaExpanded = String(options.size > 0);
  told.textContent = options.size ? "" : "Nothing is called that.";
  if (list.firstChild) select(list.firstChild);
  else field.removeAttribute("aria-activedescendant");
}

function option(name, key, go) {
  const item = Object.assign(document.createElement("li"), { role: "option", ariaSelected: "false" });
  item.append(
    name.trim(),
    " ",
    Object.assign(document.createElement("span"), { className: "key", textContent: key }),
  );
  item.addEventListener("click", () => {
    dialog.close();
    go();
  });
  return item;
}

function select(chosen) {
  for (const one of list.children) one.ariaSelected = String(one === chosen);
  field.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}
