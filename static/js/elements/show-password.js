// <show-password>: its button shows what is typed, and hides it again before it is sent.
customElements.define(
  "show-password",
  class extends HTMLElement {
    connectedCallback() {
      this.field = this.querySelector("input");
      this.button = this.querySelector("button");
      this.button.addEventListener("click", () => this.show(this.field.type === "password"));
      // Browsers keep what is typed into a text field; a password must not be among it.
      this.field.form?.addEventListener("submit", () => this.show(false));
    }

    show(shown) {
      this.field.type = shown ? "text" : "password";
      this.button.firstElementChild.textContent = shown ? _("Hide") : _("Show");
    }
  },
);
