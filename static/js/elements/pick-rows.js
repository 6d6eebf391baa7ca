// <pick-rows>: ticks a range of rows with Shift, counts what is ticked, and lets go of all with Esc. A box for all
// that match, `every`, ticks those that are shown.
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
      const every = this.querySelector("[name=every]"),
        boxes = this.boxes(),
        here = boxes.indexOf(box);
      if (box === every) for (const one of boxes) one.checked = box.checked;
      else if (every && !box.checked) every.checked = false;
      const [first, last] = [here, through && this.last ? boxes.indexOf(this.last) : here].sort(
        (one, other) => one - other,
      );
      for (const one of boxes.slice(first, last + 1)) one.checked = box.checked;
      this.last = here < 0 ? null : box;
      this.count();
    }

    boxes() {
      return [...this.querySelectorAll("[type=checkbox]:not([name=every])")];
    }

    count() {
      const every = this.querySelector("[name=every]"),
        number = this.boxes().filter((box) => box.checked).length,
        told = this.querySelector(".picked .count"),
        was = this.said.textContent;
      told.hidden = !number;
      told.textContent = every?.checked
        ? _("All selected")
        : ngettext("%(num)s selected", "%(num)s selected", number);
      if (number || was) this.said.textContent = number ? told.textContent : _("None selected");
    }
  },
);
