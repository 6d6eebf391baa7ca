// <show-preview>: how a text will look, in the place of its field, from the address that shows the page with it.
customElements.define(
  "show-preview",
  class extends HTMLElement {
    connectedCallback() {
      this.frame = this.closest("markdown-field");
      this.text = this.frame.querySelector("textarea");
      [this.writing, this.looking] = this.querySelectorAll("button");
      this.writing.addEventListener("click", () => this.write());
      this.looking.addEventListener("click", (event) => this.look(event));
      this.frame.addEventListener("keydown", (event) => {
        if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.altKey || event.key.toLowerCase() !== "p")
          return;
        event.preventDefault();
        (this.text.hidden ? this.writing : this.looking).click();
      });
      this.press(this.writing);
    }

    press(button) {
      for (const one of [this.writing, this.looking]) one.ariaPressed = String(one === button);
    }

    write() {
      this.frame.querySelector(".preview")?.remove();
      this.text.hidden = false;
      this.press(this.writing);
      this.text.focus();
      this.told?.remove();
    }

    async look(event) {
      event.preventDefault();
      const body = new FormData(this.text.form);
      body.delete("files");
      this.looking.ariaBusy = "true";
      const [answer, page] = await fresh.ask(this.looking.formAction, { method: "POST", body });
      if (answer) this.show(page.querySelector(".preview"));
      else this.tell(_("No preview came. Try again."));
      this.looking.ariaBusy = null;
    }

    // An answer without one is a page that has something else to say: a login, or what is wrong.
    show(preview) {
      if (!preview) return this.text.form.requestSubmit(this.looking);
      const had_focus = this.frame.contains(document.activeElement);
      this.frame.querySelector(".preview")?.remove();
      this.told?.remove();
      this.text.after(document.adoptNode(preview));
      this.text.hidden = true;
      this.press(this.looking);
      if (had_focus) this.looking.focus();
    }

    tell(words) {
      this.told ??= fresh.make("p", { role: "status", className: "error" });
      this.frame.append(this.told);
      this.told.textContent = words;
    }
  },
);
