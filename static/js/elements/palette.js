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
  list.show([]);
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
  told = Object.assign(document.createElement("p"), { role: "status" });
  list = document.createElement("choice-list").serve(field, {
    id: "place",
    label: "Places",
    take: (one) => {
      dialog.close();
      one.go();
    },
  });
  dialog.append(field, list, told);
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      enter();
    } else if (event.key !== "Escape") list.key(event); // which is the dialog's
  });
  document.body.append(dialog);
}

// Who types fast presses Enter before the list has followed: what it led to before is not what is meant.
async function enter() {
  const q = field.value.trim();
  clearTimeout(waiting);
  if (q !== shown) await look();
  if (dialog.open && q === shown) list.pick(list.at);
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
  const add = (at, text, note, go) =>
    options.has(at) || options.set(at, { text: text.trim(), note, mark: "key", go });
  for (const one of own.slice(0, q ? MOST : FIRST))
    add(one.getAttribute("href") ?? one, one.innerText, one.dataset.key ?? "", () => one.click());
  for (const one of places) add(one.at, one.name, one.key, () => location.assign(one.at));
  list.show([...options.values()].slice(0, MOST), true);
  shown = q;
  told.textContent = options.size ? "" : "Nothing is called that.";
}
