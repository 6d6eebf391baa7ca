// <query-field data-words>: completes the fields and values of a query while it is typed.
customElements.define("query-field", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.list = Object.assign(document.createElement("ul"), { id: "q-words", className: "completions", hidden: true });
    this.list.role = "listbox";
    this.list.ariaLabel = "What can be asked";
    this.append(this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-controls": "q-words", "aria-expanded": "false", "aria-autocomplete": "list" })) {
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
    this.words ??= fetch(this.dataset.words, { headers: { Accept: "application/json" } }).then((answer) => answer.json());
    const { items: fields } = await this.words.catch(() => ({ items: [] }));
    const [said] = this.input.value.slice(0, this.input.selectionStart).match(/-?\(?([\w:]*:(?:"[^"]*|[^\s"]*)|\S*)$/) ?? [""];
    const [, lead, name, begun] = said.match(/^(-?\(?)(?:([\w:]*\w):)?(.*)$/s);
    const field = fields.find((one) => one.name === name?.toLowerCase());
    const before = begun.slice(0, begun.lastIndexOf(",") + 1);
    const sought = begun.slice(before.length).replace(/^"/, "").toLowerCase();
    const all = field ? field.values.map((value) => [`${lead}${name}:${before}${quoted(value)}`, value]) : fields.map((one) => [`${lead}${one.name}:`, `${one.name}:`, one.meaning]);
    this.said = said;
    const hits = said && (!name || field) ? all.filter(([, word]) => word.toLowerCase().startsWith(sought) && word.toLowerCase() !== sought) : [];
    this.list.replaceChildren(...hits.slice(0, 8).map(([whole, word, meaning], at) => option(whole, word, meaning, at)));
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
    const at = this.input.selectionStart, whole = option.dataset.whole + (option.dataset.whole.endsWith(":") ? "" : " ");
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
});

function option(whole, word, meaning, at) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `q-word-${at}`;
  item.dataset.whole = whole;
  item.append(word);
  if (meaning) item.append(Object.assign(document.createElement("small"), { textContent: ` ${meaning}` }));
  return item;
}

function quoted(value) {
  return /[\s,()"]|^[<>:/]|\.\./.test(value) ? `"${value.replace(/[\\"]/g, "\\$&")}"` : value;
}
