// <query-field data-words>: completes the fields and values of a query while it is typed.
// Values stand behind one another with commas between; commas and blanks within quotation marks belong to a name.
const VALUE = /"(?:[^"\\]|\\.)*"|[^\s,"]+/.source;
const BEFORE = new RegExp(`^(?:(?:${VALUE}),)*`, "s");
const LAST = new RegExp(`-?\\(?(?:[\\w:-]*:(?:(?:${VALUE}),)*(?:"(?:[^"\\\\]|\\\\.)*|[^\\s,"]*)|\\S*)$`, "s");
customElements.define(
  "query-field",
  class extends HTMLElement {
    connectedCallback() {
      this.input = this.querySelector("input");
      this.list = Object.assign(document.createElement("ul"), {
        id: "q-words",
        className: "completions",
        hidden: true,
      });
      this.list.role = "listbox";
      this.list.ariaLabel = "What can be asked";
      this.append(this.list);
      for (const [name, value] of Object.entries({
        role: "combobox",
        "aria-controls": "q-words",
        "aria-expanded": "false",
        "aria-autocomplete": "list",
      })) {
        this.input.setAttribute(name, value);
      }
      this.input.addEventListener("input", () => this.offer());
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => this.close());
      this.list.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        this.take(event.target.closest("li"));
      });
    }

    async offer() {
      this.words ??= fetch(this.dataset.words, { headers: { Accept: "application/json" } }).then((answer) =>
        answer.json(),
      );
      const { items: fields } = await this.words.catch(() => ({ items: [] }));
      const [said] = this.input.value.slice(0, this.input.selectionStart).match(LAST) ?? [""];
      const [, lead, rest] = said.match(/^(-?\(?)(.*)$/s);
      const asking = fields.filter((one) => rest.toLowerCase().startsWith(`${one.name}:`));
      const field = asking.reduce((one, other) => (one?.name.length > other.name.length ? one : other), undefined);
      const begun = field ? rest.slice(field.name.length + 1) : rest;
      const [before] = begun.match(field ? BEFORE : /^/);
      const sought = plain(begun.slice(before.length)).toLowerCase();
      const all = field
        ? field.values.map((value) => [`${lead}${field.name}:${before}${quoted(value)}`, plain(value)])
        : fields.map((one) => [`${lead}${one.name}:`, `${one.name}:`, one.meaning]);
      this.said = said;
      const hits =
        said && (field || !rest.includes(":"))
          ? all.filter(
              ([whole, word]) => word.toLowerCase().startsWith(sought) && whole.toLowerCase() !== said.toLowerCase(),
            )
          : [];
      this.list.replaceChildren(
        ...hits.slice(0, 8).map(([whole, word, meaning], at) => option(whole, word, meaning, at)),
      );
      this.open(hits.length > 0);
    }

    key(event) {
      const options = [...this.list.children];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = options.findIndex((one) => one.ariaSelected === "true");
      if (this.list.hidden || event.isComposing) return;
      if (step) this.select(options.at((at + step + (at < 0 && step < 0 ? 1 : 0)) % options.length));
      else if (event.key === "Enter" && at >= 0) this.take(options[at]);
      else if (event.key === "Escape") this.close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    select(option) {
      for (const one of this.list.children) one.ariaSelected = String(one === option);
      this.input.setAttribute("aria-activedescendant", option.id);
    }

    take(option) {
      if (!option) return;
      const at = this.input.selectionStart,
        whole = option.dataset.whole + (option.dataset.whole.endsWith(":") ? "" : " ");
      this.input.setRangeText(whole, at - this.said.length, at, "end");
      this.offer();
    }

    open(is) {
      this.list.hidden = !is;
      this.input.setAttribute("aria-expanded", String(is));
      this.input.removeAttribute("aria-activedescendant");
    }

    close() {
      this.open(false);
    }
  },
);

function option(whole, word, meaning, at) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `q-word-${at}`;
  item.dataset.whole = whole;
  item.append(word);
  if (meaning) item.append(Object.assign(document.createElement("small"), { textContent: ` ${meaning}` }));
  return item;
}

// What stands in quotation marks, closed or not, without them.
function plain(value) {
  return value.startsWith('"') ? value.match(/^"((?:[^"\\]|\\.)*)/s)[1].replace(/\\(.)/gs, "$1") : value;
}

// What comes in quotation marks needs them: it is a name that would mean something else without.
function quoted(value) {
  return !value.startsWith('"') && /[\s,()"]|^[<>:/]|\.\./.test(value)
    ? `"${value.replace(/[\\"]/g, "\\$&")}"`
    : value;
}
