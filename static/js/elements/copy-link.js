// <copy-link>: its buttons copy what they hold, or else the page's address, without what belongs to this visit only.
customElements.define(
  "copy-link",
  class extends HTMLElement {
    connectedCallback() {
      for (const button of this.querySelectorAll("button"))
        button.addEventListener("click", () => this.copy(button.value || location.origin + location.pathname));
    }

    async copy(text) {
      const told = this.querySelector("[role=status]");
      told.textContent = (await put(text)) ? _("Copied") : _("Copy it from the address bar");
      setTimeout(() => (told.textContent = ""), 4000);
    }
  },
);

async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Refused, or not there at all, as on plain HTTP.
    return false;
  }
}
