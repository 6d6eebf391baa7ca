// What a script says: `_("Saved.")` is in the language of the page already, as app.de.js has other words than app.js.
// Placeholders are named: `%(name)s`.
const { lang } = document.documentElement;
const rules = new Intl.PluralRules(lang);

function _(text, values = {}) {
  return text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
}

// `ngettext(one, many, number)`; in other languages all of their forms stand in the first place.
function ngettext(one, many, number, values = {}) {
  const forms = one.other ? one : { one, other: many };
  return _(forms[rules.select(number)] ?? forms.other, { num: number.toLocaleString(lang), ...values });
}

window.ngettext = ngettext;
