// What is typed into a form with a text survives a closed tab. It is put back if the server's text is still the
// one that it was typed over, and forgotten once the server has said that it is done.
const WAIT = 300,
  DAYS = 7;
const PREFIX = "typed ";
const fields = (form) => [...form.querySelectorAll("textarea[name], input[name]:is([type=text], :not([type]))")];
const keyOf = (form) => PREFIX + new URL(form.action).pathname;
const told = (form, name) => Object.fromEntries(fields(form).map((field) => [field.name, field[name]]));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function keep(form, from) {
  const typed = told(form, "value");
  try {
    if (same(from, typed)) localStorage.removeItem(keyOf(form));
    else localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), from, typed }));
  } catch {
    // No room, or not allowed: then this browser keeps nothing.
  }
}

function forget(what) {
  for (const key of Object.keys(localStorage))
    if (key.startsWith(PREFIX) && what(read(key))) localStorage.removeItem(key);
}

function restore(form) {
  const kept = read(keyOf(form));
  if (!kept || !same(kept.from, told(form, "defaultValue")) || same(kept.typed, told(form, "value"))) return;
  for (const field of fields(form)) field.value = kept.typed[field.name];
  const line = document.createElement("p");
  const discard = document.createElement("button");
  line.className = "notice notice-known";
  line.role = "status";
  const { lang } = document.documentElement;
  const at = new Date(kept.at).toLocaleString(lang === "en" ? "en-GB" : lang, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  line.textContent = `${_("Restored what you typed on %(moment)s.", { moment: at })} `;
  discard.type = "button";
  discard.className = "link";
  discard.textContent = _("Discard");
  discard.addEventListener("click", () => {
    for (const field of fields(form)) field.value = field.defaultValue;
    localStorage.removeItem(keyOf(form));
    line.remove();
    fields(form)[0].focus();
  });
  line.append(discard);
  form.prepend(line);
}

try {
  // A notice says that what was sent last is saved; without one it was refused, or nobody knows.
  const sent = sessionStorage.getItem("sent");
  if (sent && document.querySelector(".notice-done")) localStorage.removeItem(sent);
  sessionStorage.removeItem("sent");
  forget((kept) => !(kept?.at > Date.now() - DAYS * 86_400_000));
  for (const form of document.querySelectorAll("main form:has(textarea[name])")) {
    const [kept, shown] = [read(keyOf(form)), told(form, "defaultValue")];
    const from = kept && same(kept.typed, shown) ? kept.from : shown; // refused, and come back as it was typed
    let waiting;
    const now = () => {
      if (waiting) keep(form, from);
      waiting = clearTimeout(waiting);
    };
    restore(form);
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(now, WAIT);
    });
    form.addEventListener("submit", (event) => {
      now();
      if (!event.submitter?.hasAttribute("formaction")) sessionStorage.setItem("sent", keyOf(form));
    });
    addEventListener("pagehide", now);
  }
  document.querySelector("form[action$='/auth/logout']")?.addEventListener("submit", () => forget(() => true));
} catch {
  // A browser that allows no storage works as one without scripts.
}
