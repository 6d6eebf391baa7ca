// <pick-rows>: ticks a range of rows with Shift, counts what is ticked, and lets go of all with Esc.
customElements.define(
  "pick-rows",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener(
        "click",
        (event) => event.target.type === "checkbox" && this.pick(event.target, event.shiftKey),
      );
      this.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.none());
      // What comes into sight only with the first tick is not read out: this is.
      this.said = document.createElement("span");
      Object.assign(this.said, { className: "hidden", role: "status" });
      this.append(this.said);
      this.count();
    }

    none() {
      for (const box of this.querySelectorAll(":checked")) box.checked = false;
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
        told = this.querySelector(".count"),
        was = this.said.textContent;
      told.hidden = !number;
      told.textContent = `${number} selected`;
      if (number || was) this.said.textContent = number ? told.textContent : "None selected";
    }
  },
);
