// <copy-link>: its button copies the page's address, without what belongs to this visit only.
customElements.define(
  "copy-link",
  class extends HTMLElement {
    connectedCallback() {
      this.querySelector("button").addEventListener("click", () => this.copy());
    }

    async copy() {
      const told = this.querySelector("[role=status]");
      told.textContent = (await put(location.origin + location.pathname)) ? "Copied" : "Copy it from the address bar";
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
