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
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (Date.now() - (sent.get(form) ?? -PATIENCE) < PATIENCE) event.preventDefault();
  else {
    sent.set(form, Date.now());
    if (event.submitter) event.submitter.ariaBusy = "true";
  }
});
// Back from the cache of pages: the form may be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) sent.delete(form);
  for (const button of document.querySelectorAll("button[aria-busy]")) button.ariaBusy = null;
});
