// <choice-list>: what is offered for a field while one types in it. The focus stays in the field; arrows choose,
// Enter or a press takes. Whoever completes something makes one, says whose it is, and shows in it what there is.
customElements.define(
  "choice-list",
  class extends HTMLElement {
    // An option is { text, note, mark, group } with whatever `take` needs; it gets the one that was taken.
    serve(field, { id, label, take }) {
      Object.assign(this, { field, take, offered: [], options: [] });
      this.list = Object.assign(document.createElement("ul"), {
        id,
        role: "listbox",
        ariaLabel: label,
        hidden: true,
      });
      this.append(this.list);
      field.setAttribute("aria-controls", id);
      field.setAttribute("aria-autocomplete", "list");
      // A text of several lines may be no combobox: whoever offers something for it says so aloud.
      if (field.matches("input")) field.role = "combobox";
      else field.ariaHasPopup = "listbox";
      this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) =>
        this.pick(this.options.indexOf(event.target.closest("[role=option]"))),
      );
      this.open(false);
      return this;
    }

    get at() {
      return this.options.findIndex((one) => one.ariaSelected === "true");
    }

    // With `first` the first is chosen at once, so that Enter takes it. Those of a group come in one piece.
    show(offered, first = false) {
      const groups = new Map(offered.map(({ group }) => [group, group && headed(group)]));
      this.offered = [...groups.keys()].flatMap((group) => offered.filter((one) => one.group === group));
      this.options = this.offered.map((one, at) => option(one, `${this.list.id}-${at}`));
      for (const [at, { group }] of this.offered.entries()) groups.get(group)?.lastChild.append(this.options[at]);
      this.list.replaceChildren(...(groups.has(undefined) ? this.options : groups.values()));
      this.open(offered.length > 0);
      if (first && offered.length) this.select(0);
      if (this.field.role === "combobox") return;
      this.told ??= this.appendChild(
        Object.assign(document.createElement("p"), { role: "status", className: "hidden" }),
      );
      this.told.textContent = offered.length
        ? _("%(first)s, first of %(number)s", { first: offered[0].text, number: offered.length })
        : "";
    }

    open(is) {
      this.list.hidden = !is;
      if (this.field.role === "combobox") this.field.ariaExpanded = String(is);
      this.field.removeAttribute("aria-activedescendant");
    }

    close() {
      this.open(false);
    }

    // Whether a key was meant for the list.
    key(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key],
        { at } = this,
        many = this.options.length;
      if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
        return false;
      if (step) this.select((at < 0 && step < 0 ? many - 1 : at + step + many) % many);
      else if (event.key === "Enter" && at >= 0) this.pick(at);
      else if (event.key === "Escape") this.close();
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    }

    select(chosen) {
      for (const [at, one] of this.options.entries()) one.ariaSelected = String(at === chosen);
      const one = this.options[chosen];
      this.field.setAttribute("aria-activedescendant", one.id);
      one.scrollIntoView({ block: "nearest" });
    }

    pick(at) {
      if (at < 0) return;
      this.close();
      this.take(this.offered[at]);
    }
  },
);

// A heading with a list below it.
function headed(group) {
  const heading = fresh.make("b", { textContent: group, ariaHidden: "true" });
  return fresh.make("li", { role: "group", ariaLabel: group }, heading, fresh.make("ul", { role: "presentation" }));
}

function option({ text, note, mark }, id) {
  const item = Object.assign(document.createElement("li"), { id, role: "option", ariaSelected: "false" });
  const name = document.createElement("bdi");
  name.textContent = text;
  item.append(name);
  if (note)
    item.append(" ", Object.assign(document.createElement("small"), { textContent: note, className: mark ?? "" }));
  return item;
}
