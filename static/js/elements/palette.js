// Ctrl+K or ⌘K: anywhere, and whatever the page can do, by a few letters. It presses what stands there, or opens
// the picker that a key would; /palette is the same without a script.
const WAIT = 150,
  MOST = 24,
  FIRST = 6,
  FEW = ["s", "p"]; // the keys of fields with so few values that each is found by its own name
let dialog, field, list, told, waiting, shown, from, forms;
const GROUPS = { issue: _("Issues"), project: _("Projects"), page: _("Pages") };

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
  open();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-palette]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open();
});

function open() {
  if (!dialog) make();
  if (document.querySelector("dialog[open]")) return;
  from = document.activeElement;
  forms = new Map();
  field.value = shown = "";
  list.show([]);
  dialog.showModal();
  look();
}

function make() {
  dialog = fresh.make("dialog", { className: "over palette", ariaLabel: _("Go to or do") });
  field = fresh.make("input", {
    type: "text",
    placeholder: _("Issue, project, page or action"),
    autocomplete: "off",
    ariaLabel: _("Go to or do"),
  });
  told = fresh.make("p", { role: "status" });
  list = document.createElement("choice-list").serve(field, {
    id: "place",
    label: _("Places and actions"),
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
  const q = field.value.trim(),
    picker = document.querySelector("pick-value"),
    chosen = picker?.chosen(from);
  const [places, choices] = await Promise.all([found(q), chosen ? valuesOf(chosen.fields, q, picker) : []]);
  if (q !== field.value.trim()) return;
  const options = new Map(),
    words = q.toLowerCase().split(/\s+/);
  const add = (group, offers, most = MOST) => {
    const meant = offers.filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)));
    for (const one of meant.slice(0, most))
      if (!options.has(one.at)) options.set(one.at, { ...one, group, note: one.key, mark: "key" });
  };
  if (chosen) add(chosen.name, [...chosen.fields, ...choices]);
  add(_("This page"), controls.offered(), q ? MOST : FIRST);
  if (q) add(_("Places"), [...document.querySelectorAll("nav a")].filter((one) => one.checkVisibility()).map(link));
  const recent = { ...GROUPS, issue: _("Recent issues") };
  for (const { kind, name, key, at } of places)
    if (!options.has(at))
      options.set(at, {
        text: name,
        note: key,
        mark: "key",
        group: (q ? GROUPS : recent)[kind],
        go: () => location.assign(at),
      });
  list.show([...options.values()].slice(0, MOST), true);
  shown = q;
  told.textContent = options.size ? "" : _("Nothing has that name.");
}

function link(one) {
  return { text: controls.name(one), at: one.getAttribute("href"), go: () => one.click() };
}

async function found(q) {
  const answer = await fetch(`/palette?${new URLSearchParams({ q, at: location.pathname })}`, {
    headers: { Accept: "application/json" },
  }).catch(() => null);
  return answer?.ok ? (await answer.json()).items : [];
}

// "priority high": what can be chosen where the first word begins a field's name, as its own form has it; and "high",
// where there are few.
async function valuesOf(fields, q, picker) {
  const [begun] = q.toLowerCase().split(/\s+/);
  if (begun.length < 2) return [];
  const meant = fields.filter(
    ({ name, key, leads }) => leads && (FEW.includes(key) || name.toLowerCase().startsWith(begun)),
  );
  const each = meant.map(async (one) => {
    if (!forms.has(one.leads)) forms.set(one.leads, fresh.ask(one.leads));
    const [answer, page] = await forms.get(one.leads),
      form = answer?.ok && page.querySelector("main > form");
    const choices = form ? [...form.querySelectorAll(".choice input")] : [];
    // What is so already is no choice; a form without a version shows what it will do, not what is.
    const others = choices.filter((one) => one.type !== "radio" || !one.checked || !form.elements.version);
    return others.map((choice) => value(one, form, choice, picker));
  });
  return (await Promise.all(each)).flat();
}

function value(field, form, choice, picker) {
  const text = controls.name(form.querySelector(`label[for="${CSS.escape(choice.id)}"]`)),
    legend = form.querySelectorAll("fieldset").length > 1 && choice.closest("fieldset")?.querySelector("legend"),
    isTaken = choice.type === "checkbox" && choice.checked;
  const what = legend
    ? `${document.documentElement.lang === "en" ? controls.name(legend).toLowerCase() : controls.name(legend)} `
    : "";
  return {
    text: `${field.name}: ${what}${isTaken ? _("without %(choice)s", { choice: text }) : text}`,
    at: `${form.action} ${choice.id}`,
    go: () => {
      // Before all that match are changed it is said how many these are.
      if (fresh.ofAll(form)) return field.go(choice.id);
      choice.checked = !isTaken;
      picker.send(form);
    },
  };
}
