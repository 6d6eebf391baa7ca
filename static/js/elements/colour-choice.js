// <colour-choice>: a pressed dot writes its colour into the field, and a typed colour presses its dot.
customElements.define("colour-choice", class extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input:not([type=radio])");
    this.dots = [...this.querySelectorAll("[type=radio]")];
    this.addEventListener("input", (event) => {
      if (event.target === this.field) this.press();
      else this.field.value = event.target.value;
    });
    this.press();
  }

  press() {
    for (const dot of this.dots) dot.checked = dot.value === this.field.value.trim().toLowerCase();
  }
});
