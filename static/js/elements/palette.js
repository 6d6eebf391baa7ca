// Ctrl+K or ⌘K: anywhere by a few letters. What the page itself can do comes first; /search and /palette are the same without.
const WAIT = 150, MOST = 20;
let dialog, field, list, waiting, looked;

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.target.matches("textarea")) return;
  event.preventDefault();
  if (!dialog) make();
  if (dialog.open) return;
  field.value = "";
  dialog.showModal();
  look();
});

function make() {
  dialog = Object.assign(document.createElement("dialog"), { className: "over palette", ariaLabel: "Go to" });
  field = Object.assign(document.createElement("input"), { type: "search", placeholder: "Issue, project or page", autocomplete: "off", ariaLabel: "Go to" });
  list = Object.assign(document.createElement("ul"), { id: "places", role: "listbox", ariaLabel: "Places" });
  for (const [name, value] of Object.entries({ role: "combobox", "aria-controls": "places", "aria-expanded": "true", "aria-autocomplete": "list" })) field.setAttribute(name, value);
  dialog.append(field, list);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, WAIT);
    looked = null;
  });
  field.addEventListener("keydown", async (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      clearTimeout(waiting);
      await (looked ?? look());
      list.querySelector("[aria-selected=true]")?.click();
      return;
    }
    const options = [...list.children], at = options.findIndex((one) => one.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || !options.length) return;
    if (!step) return;
    select(options.at((at + step) % options.length));
    event.preventDefault();
  });
  document.body.append(dialog);
}

function look() {
  return (looked = find());
}

async function find() {
  const q = field.value.trim();
  const answer = await fetch(`/palette?${new URLSearchParams({ q })}`, { headers: { Accept: "application/json" } }).catch(() => null);
  const places = answer?.ok ? await answer.json() : [];
  if (q !== field.value.trim()) return;
  const own = [...document.querySelectorAll(":is(a, button)[data-key]")].filter((one) => one.checkVisibility() && one.innerText.toLowerCase().includes(q.toLowerCase()));
  const options = [
    ...own.slice(0, q ? MOST : 8).map((one) => option(one.innerText, one.dataset.key, () => one.click())),
    ...places.map((one) => option(one.name, one.key, () => (location = one.at))),
  ];
  list.replaceChildren(...options.slice(0, MOST));
  list.childNodes.forEach((one, at) => (one.id = `place-${at}`));
  field.setAttribute("aria-expanded", String(options.length > 0));
  if (list.firstChild) select(list.firstChild);
  else field.removeAttribute("aria-activedescendant");
}

function option(name, key, go) {
  const item = Object.assign(document.createElement("li"), { role: "option", ariaSelected: "false" });
  item.append(name.trim(), " ", Object.assign(document.createElement("span"), { className: "key", textContent: key }));
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
