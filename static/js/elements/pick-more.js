// <pick-more data-from data-name>: finds what is typed while it is typed, and takes it into the choices of the name
// above; without a name what is typed stays, as a query says it.
const COMMA = /[,،、，]/,
  LAST = /(^|[,،、，])[^,،、，]*$/;

customElements.define(
  "pick-more",
  class extends HTMLElement {
    connectedCallback() {
      this.input = this.querySelector("input");
      this.found = [];
      this.input.addEventListener("input", () => {
        if (this.take()) return;
        if (this.last() !== this.sought) this.found = [];
        clearTimeout(this.wait);
        this.wait = setTimeout(() => this.look(), 200);
      });
      this.input.addEventListener("keydown", (event) => {
        if (
          event.key === "Enter" &&
          !event.isComposing &&
          this.take(this.found.length === 1 ? this.found[0] : undefined)
        )
          event.preventDefault();
      });
    }

    disconnectedCallback() {
      clearTimeout(this.wait);
    }

    // What is looked for: the last of several names.
    last() {
      return (this.dataset.name ? this.input.value.split(COMMA).at(-1) : this.input.value).trim();
    }

    async look() {
      const q = this.last();
      this.sought = q;
      const answer =
        q &&
        (await fetch(`${this.dataset.from}&${new URLSearchParams({ q })}`, {
          headers: { Accept: "application/json" },
        }).catch(() => null));
      const found = answer?.ok ? (await answer.json()).items : [];
      if (q !== this.last()) return; // somebody has typed on
      this.found = found;
      const said = this.found.map((one) => (this.dataset.name ? [one.name, one.handle] : [one.said, one.name]));
      const options = said.map(([value, text]) =>
        Object.assign(document.createElement("option"), { value, textContent: text ?? "" }),
      );
      if (options.length) this.querySelector("datalist").replaceChildren(...options);
    }

    // What was chosen from the list, or is the only one: a box that is ticked, or the option that is selected.
    take(one = this.found.find((one) => one.name === this.input.value)) {
      if (!one || !this.dataset.name || this.found.filter((other) => other.name === one.name).length > 1)
        return false;
      const { name } = this.dataset,
        id = `${name}-${one.id}`,
        field = document.getElementById(name);
      if (field.tagName === "SELECT") {
        if (![...field.options].some((option) => option.value === String(one.id)))
          field.append(new Option(one.name, one.id));
        field.value = one.id;
      } else {
        const box = document.getElementById(id) ?? this.box(field.querySelector(".choices"), name, id, one);
        box.checked = true;
      }
      const typed = this.input.value,
        is_all = one.name.toLowerCase().startsWith(typed.trim().toLowerCase()); // it may have a comma
      this.input.value = is_all || field.tagName === "SELECT" ? "" : typed.replace(LAST, "").trim();
      this.found = [];
      return true;
    }

    box(choices, name, id, one) {
      const row = Object.assign(document.createElement("div"), { className: "choice" });
      const box = Object.assign(document.createElement("input"), {
        type: choices.querySelector("input")?.type ?? "checkbox",
        id,
        name,
        value: one.color ? one.name : one.id,
      });
      const label = Object.assign(document.createElement("label"), { htmlFor: id }),
        text = document.createElement("bdi");
      text.textContent = one.name;
      label.append(text);
      row.append(box, label);
      choices.append(row);
      return box;
    }
  },
);
