// What a script says: `_("Saved.")` is in the language of the page already, as app.de.js has other words than app.js.
// Placeholders are named: `_("%(number)s selected", { number })`.
function _(text, values = {}) {
  return text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
}
