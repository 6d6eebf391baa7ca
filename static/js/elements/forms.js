// Ctrl+Enter sends the form that is typed in; a second click on a form that was just sent sends nothing.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  if (!(field instanceof HTMLTextAreaElement) || !field.form) return;
  event.preventDefault();
  field.form.requestSubmit();
});

// Not for ever: sending may have been stopped, or failed, and the button must then work again.
const PATIENCE = 10_000;
// What a button does is told by its first word, which only English has there.
const WORDS =
  document.documentElement.lang === "en"
    ? [
        [/^(Delete|Remove)/, _("Deleting…")],
        [/^(Log|Register)/, _("One moment…")],
        [/^/, _("Saving…")],
      ]
    : [[/^/, _("One moment…")]];
const sent = new Map();

// At the window, after all who may send the form themselves.
window.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || !form.matches("[data-once]")) return;
  if (sent.has(form)) return event.preventDefault();
  const again = submitter ? busy(submitter) : () => {};
  sent.set(form, again);
  setTimeout(() => sent.get(form) === again && ready(form), PATIENCE);
});
// Back from the cache of pages: the form may be sent again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of [...sent.keys()]) ready(form);
});

function ready(form) {
  sent.get(form)();
  sent.delete(form);
}

// A button says that what it sends is on its way, as wide as it is; gives how it is as it was.
function busy(button) {
  const says = [...button.childNodes],
    is_wide = button.matches(".button:not(.hidden)");
  if (is_wide) {
    button.style.inlineSize = `${button.offsetWidth}px`;
    button.textContent = WORDS.find(([begins]) => begins.test(button.textContent.trim()))[1];
  }
  button.ariaBusy = "true";
  return () => {
    button.ariaBusy = null;
    button.style.inlineSize = "";
    if (is_wide) button.replaceChildren(...says);
  };
}
