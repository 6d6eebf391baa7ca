// A reaction is sent, and its place shown as it is then, without loading the page anew. If that fails, the form goes
// as it does without a script.
const plain = (one) => one.formAction.replace(/\/delete(?=$|\?)/, "");
const chip = (within, one) => [...within.querySelectorAll(".chip")].find((other) => plain(other) === plain(one));

document.addEventListener("submit", async (event) => {
  const { target: form, submitter: button } = event;
  const here = form.id === "react" && button?.closest(".reactions");
  if (!here) return;
  event.preventDefault();
  if (here.ariaBusy === "true") return;
  here.ariaBusy = "true";
  // What one has chosen is taken back by choosing it again, in the menu too.
  const to = (chip(here, button) ?? button).formAction;
  try {
    const sent = { method: "POST", headers: { Accept: "text/html" }, body: new URLSearchParams(new FormData(form)) };
    const answer = await fetch(to, sent);
    const page = fresh.parsed(await answer.text());
    const now = page.getElementById(here.id);
    if (!answer.ok || !now) throw new Error(answer.status);
    here.replaceWith(now);
    (chip(now, button) ?? now.querySelector("summary")).focus({ preventScroll: true });
  } catch {
    form.action = to;
    form.submit();
  }
});
