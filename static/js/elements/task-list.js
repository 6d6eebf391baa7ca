// <task-list>: a box that is ticked is saved at once. If that fails, it is as before, and says why.
customElements.define(
  "task-list",
  class extends HTMLElement {
    connectedCallback() {
      this.querySelector("button").remove();
      this.told = this.querySelector("[role=status]");
      this.saved = Promise.resolve();
      this.addEventListener("change", ({ target: box }) => {
        // One after the other, as each changes the same text.
        if (box.name === "done") this.saved = this.saved.then(() => this.save(box, box.checked));
      });
    }

    async save(box, done) {
      const { base, csrf_token: token } = box.form.elements;
      const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-TOKEN": token.value };
      const line = Number(box.value),
        body = { base: base.value, done: done ? [line] : [], was: done ? [] : [line] };
      let fault = _("It could not be saved. Try again.");
      try {
        const answer = await fetch(box.form.action, { method: "POST", headers, body: JSON.stringify(body) });
        fault = answer.ok ? "" : ((await answer.json()).detail ?? fault);
      } catch {
        // No network, or an answer that is not ours: told below.
      }
      if (fault) box.checked = !done;
      this.told.textContent = fault || _("Saved.");
      this.told.className = fault ? "error" : "hint";
    }
  },
);
