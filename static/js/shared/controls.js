// What a page can do, by its controls: what they are called, how they are pressed, and which of them are offered
// beside their place. `data-act` says another name; around several, or at a choice, what they do together.
const OWN = ":is(a, button, input, section)[data-key]",
  BESIDE =
    "main :is(button:not([type=button]), .buttons a, a.button, [data-act]:is(a, button)), .menu-list :is(a, button)",
  CHOSEN = ".reactions, [data-pick], .picked [name=do]",
  APART = `${CHOSEN}, form[role=search], dialog, .picked, .commenting, .timeline, .notice`;

// Without counts and pictures.
function name(control) {
  const field = control.matches("input") ? control.labels[0] : null,
    said = (field ?? control).cloneNode(true);
  for (const one of said.querySelectorAll(".count, kbd, svg")) one.remove();
  return control.dataset.act || said.textContent.replace(/\s+/g, " ").trim() || control.ariaLabel || "";
}

function press(control) {
  if (control.matches("a, button")) return control.click();
  const field = control.matches("input, textarea") ? control : control.querySelector("textarea");
  const quoted = field.matches("textarea") && String(getSelection()).trim();
  field.focus();
  if (quoted) field.closest("markdown-field")?.write(`${quoted.replace(/^/gm, "> ")}\n\n`);
}

// What is in a menu is there before it is opened.
function isThere(control) {
  return (control.closest("details.menu:not([open])") ?? control).checkVisibility();
}

// All that is offered: { text, key, at, go }, where `at` tells apart what leads elsewhere. Those of the page itself
// come first, and those with keys.
function offered() {
  const own = [...document.querySelectorAll(OWN)].filter(
      (one) => one.checkVisibility() && !one.closest(".reactions, [data-pick]"),
    ),
    beside = [...document.querySelectorAll(BESIDE)].filter((one) => isThere(one) && !one.closest(APART));
  const all = [...new Set([...own, ...beside])],
    within = all.filter((one) => one.closest("main"));
  return [...new Set([...within, ...all])].flatMap((one) => {
    const choice = one.form?.querySelector("select[data-act]"),
      together = choice ?? (one.matches("[data-act]") ? null : one.parentNode.closest("[data-act]:not(section)"));
    const offer = (text, go) => ({
      text: together ? `${together.dataset.act}: ${text}` : text,
      key: one.dataset.key ?? "",
      at: one.getAttribute("href") ?? text,
      go,
    });
    if (!choice) return [offer(name(one), () => press(one))];
    return [...choice.options].map(({ value, text }) =>
      offer(text.replace(/\s+/g, " "), () => {
        choice.value = value;
        press(one);
      }),
    );
  });
}

window.controls = { name, press, offered };
