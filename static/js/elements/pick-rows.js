// <pick-rows>: ticks a range of rows with Shift, and counts what is ticked.
customElements.define(
  "pick-rows",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener(
        "click",
        (event) => event.target.type === "checkbox" && this.pick(event.target, event.shiftKey),
      );
      this.count();
    }

    pick(box, through) {
      const boxes = [...this.querySelectorAll("[type=checkbox]")],
        here = boxes.indexOf(box);
      const [first, last] = [here, through && this.last ? boxes.indexOf(this.last) : here].sort(
        (one, other) => one - other,
      );
      for (const one of boxes.slice(first, last + 1)) one.checked = box.checked;
      this.last = box;
      this.count();
    }

    count() {
      const number = this.querySelectorAll(":checked").length,
        told = this.querySelector(".count");
      told.hidden = !number;
      told.textContent = number;
    }
  },
);
