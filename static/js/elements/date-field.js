// <date-field>: its button opens the browser's calendar and writes what is chosen there into the text field.
customElements.define(
  "date-field",
  class extends HTMLElement {
    connectedCallback() {
      const [field, calendar] = this.querySelectorAll("input");
      this.querySelector("button").addEventListener("click", () => {
        calendar.value = field.value.trim();
        calendar.showPicker();
      });
      calendar.addEventListener("change", () => {
        field.value = calendar.value;
        field.focus();
      });
    }
  },
);
