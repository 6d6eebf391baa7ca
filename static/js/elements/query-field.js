// <query-field data-words>: completes the fields and values of a query while it is typed.
// Values stand behind one another with commas between; commas and blanks within quotation marks belong to a name.
const VALUE = /"(?:[^"\\]|\\.)*"|[^\s,"]+/.source;
const BEFORE = new RegExp(`^(?:(?:${VALUE}),)*`, "s");
const LAST = new RegExp(`-?\\(?(?:[\\w:-]*:(?:(?:${VALUE}),)*(?:"(?:[^"\\\\]|\\\\.)*|[^\\s,"]*)|\\S*)$`, "s");
const MOST = 8;
customElements.define(
  "query-field",
  class extends HTMLElement {
    connectedCallback() {
      this.input = this.querySelector("input");
      this.list = document.createElement("choice-list").serve(this.input, {
        id: "q-word",
        label: _("What can be asked"),
        take: (one) => this.take(one),
      });
      this.append(this.list);
      this.input.addEventListener("input", () => this.offer());
      this.input.addEventListener("keydown", (event) => this.list.key(event));
      this.input.addEventListener("blur", () => this.list.close());
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
      this.list.show(hits.slice(0, MOST).map(([whole, text, note]) => ({ whole, text, note })));
    }

    take({ whole }) {
      const at = this.input.selectionStart;
      this.input.setRangeText(whole + (whole.endsWith(":") ? "" : " "), at - this.said.length, at, "end");
      this.offer();
    }
  },
);

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
