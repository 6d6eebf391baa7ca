// What a server answered, put in place: one way for all elements to ask for a page, to renew pieces of the one that
// is shown (`data-piece`), and to go on where the focus was.
const PAGE = { Accept: "text/html" };

function make(name, values, ...children) {
  const { role, ...others } = values;
  const made = Object.assign(document.createElement(name), others);
  if (role) made.role = role;
  made.append(...children);
  return made;
}

// The only way by which text becomes a page here; whatever else tries, the policy of pages refuses.
const policy = window.trustedTypes?.createPolicy("cairn", { createHTML: (html) => html });

function parsed(html) {
  return new DOMParser().parseFromString(policy?.createHTML(html) ?? html, "text/html");
}

async function ask(address, how = {}) {
  const answer = await fetch(address, { ...how, headers: PAGE }).catch(() => null);
  const html = await answer?.text().catch(() => null);
  return html == null ? [null, null] : [answer, parsed(html)];
}

function over(answer) {
  return answer.redirected && new URL(answer.url).pathname.match(/\/auth\/(login|confirm)$/);
}

// Whether what was answered is the page that is shown.
function here({ url }) {
  const { pathname, search } = new URL(url);
  return pathname === location.pathname && (!location.search || search === location.search);
}

// Whether a form is about all issues that match, whichever were shown.
function ofAll({ elements: { expected, numbers } }) {
  return expected && !numbers;
}

function words(answer, page) {
  if (!answer) return [_("Not saved: Cairn cannot be reached. Try again.")];
  if (over(answer)) {
    const said = _("Your login is over. %(link)s to go on; what you chose is kept.", { link: "\n" }).split("\n");
    return [said[0], make("a", { href: answer.url, textContent: _("Log in") }), said[1]];
  }
  const problem = page.querySelector("#problem");
  if (!problem)
    return [...page.querySelectorAll("main > :is(h1, p)")].map((one) => make("p", { textContent: one.textContent }));
  for (const link of problem.querySelectorAll("a")) link.hash = `pick-${link.hash.slice(1)}`;
  return [...problem.children].filter((one) => one.tagName !== "H2");
}

// What a page would say above all else, made here.
function notice(kind, ...said) {
  const icon = document.querySelector(".icon").cloneNode(true),
    use = icon.querySelector("use");
  icon.removeAttribute("role");
  icon.ariaHidden = "true";
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, kind === "failed" ? "#warning" : "#check"));
  return make("div", { className: `notice notice-${kind}` }, icon, ...said);
}

// Pieces of a page become those of another, by their names. A piece that has the same pieces within becomes new in
// these alone, so that what scrolls stays where it is.
function swap(old, now) {
  const [mine, theirs] = [pieces(old), pieces(now)];
  for (const [name, piece] of mine) {
    const next = theirs.get(name);
    if (!next) continue;
    const [within, others] = [pieces(piece), pieces(next)];
    if (within.size && within.size === others.size && [...within.keys()].every((one) => others.has(one)))
      swap(piece, next);
    else {
      keep(piece, next);
      piece.replaceWith(next);
    }
  }
}

function pieces(within) {
  const all = [...within.querySelectorAll("[data-piece]")];
  return new Map(
    all
      .filter((one) => {
        const around = one.parentNode.closest("[data-piece]");
        return !around || around === within || !within.contains(around);
      })
      .map((one) => [one.dataset.piece, one]),
  );
}

// What was typed or ticked in the piece goes along.
function keep(piece, next) {
  const fields = (of) => [...of.querySelectorAll("input:not([type=hidden]), select, textarea")];
  for (const field of fields(piece)) {
    const is_box = /checkbox|radio/.test(field.type);
    const twin = fields(next).find(
      (one) => one.name === field.name && one.type === field.type && (!is_box || one.value === field.value),
    );
    if (twin && is_box && field.checked !== field.defaultChecked) twin.checked = field.checked;
    else if (twin && !is_box && field.value !== field.defaultValue) twin.value = field.value;
  }
}

// What tells how long ago something was, and becomes another by itself.
function ages(within) {
  return within.querySelectorAll("time[title]");
}

// Where the focus is, so that it is found again when the page has become another there.
function place(focused) {
  return {
    focused,
    path: focused.pathname,
    key: focused.dataset.key,
    value: focused.value,
    at: rows().indexOf(focused),
  };
}

function rows() {
  return [...document.querySelectorAll(".issue-row .title, .board-cards > li > a")];
}

function back({ focused, path, key, value, at }) {
  if (focused.isConnected) return focused.focus();
  const found = [...document.querySelectorAll("main :is(a, button, input)")].find((one) =>
    path ? one.pathname === path : key ? one.dataset.key === key : value && one.value === value,
  );
  (found?.checkVisibility() ? found : at < 0 ? null : rows()[Math.min(at, rows().length - 1)])?.focus();
}

window.fresh = { make, ask, parsed, over, here, ofAll, words, notice, swap, place, back, ages };
