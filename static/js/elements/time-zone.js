// <time-zone>: its field gets the browser's time zone, and what names it does too.
customElements.define(
  "time-zone",
  class extends HTMLElement {
    connectedCallback() {
      const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
      if (!timeZone) return;
      this.querySelector("input[name=time_zone]").value = timeZone;
      for (const place of this.querySelectorAll("[data-zone]")) place.textContent = timeZone.replaceAll("_", " ");
    }
  },
);
