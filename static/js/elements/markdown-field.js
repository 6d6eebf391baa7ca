// <markdown-field>: a text with a bar above it. Its buttons and keys put Markdown around what is selected, Enter
// goes on with a list, and an address that is pasted over words becomes their link.
const AROUND = { bold: ["**"], italic: ["_"], code: ["`"], link: ["[", "](https://)"] };
const ITEM = /^[-*+] (\[[ xX]\] )?/;
const BEFORE = {
  heading: ["### ", /^#{1,6} /],
  quote: ["> ", /^> ?/],
  list: ["- ", ITEM],
  tasks: ["- [ ] ", ITEM],
};
const KEYS = { b: "bold", i: "italic", e: "code", k: "link" };
// What a line begins with that the next one has too: how far in, the quote, the list's mark or number.
const BEGINNING = /^(\s*(?:> ?)*)(\s*)([-*+] (?:\[[ xX]\] )?|(\d{1,9})([.)]) )?/;

customElements.define(
  "markdown-field",
  class extends HTMLElement {
    connectedCallback() {
      this.text = this.querySelector("textarea");
      this.bar = this.querySelector("[role=toolbar]");
      this.text.addEventListener("keydown", (event) => this.key(event));
      this.text.addEventListener("paste", (event) => this.paste(event));
      this.bar.addEventListener("keydown", (event) => this.walk(event));
      this.bar.addEventListener("focusin", ({ target }) => this.lead(target));
      this.bar.addEventListener("click", ({ target }) => {
        const { mark } = target.closest("button")?.dataset ?? {};
        if (mark === "files") this.closest("attach-files").querySelector("[type=file]").click();
        else if (mark) this.use(mark);
      });
      this.lead(this.buttons[0]);
    }

    // The bar is one stop for the Tab key; arrows lead through it.
    get buttons() {
      return [...this.bar.querySelectorAll("button")].filter((one) =>
        one.checkVisibility({ visibilityProperty: true }),
      );
    }

    lead(to) {
      for (const one of this.bar.querySelectorAll("button")) one.tabIndex = one === to ? 0 : -1;
    }

    walk(event) {
      const { buttons } = this,
        forth = getComputedStyle(this.bar).direction === "rtl" ? -1 : 1,
        at = buttons.indexOf(event.target);
      const to = { ArrowRight: at + forth, ArrowLeft: at - forth, Home: 0, End: -1 }[event.key];
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      buttons.at(to % buttons.length).focus();
    }

    key(event) {
      const command = event.ctrlKey || event.metaKey,
        mark = KEYS[event.key.toLowerCase()];
      if (event.isComposing || event.altKey || event.shiftKey) return;
      if (command && mark) this.use(mark);
      else if (command || event.key !== "Enter" || !this.goOn()) return;
      event.preventDefault();
    }

    use(mark) {
      if (BEFORE[mark]) this.lines(...BEFORE[mark]);
      else if (mark === "code" && this.chosen.includes("\n")) this.around("```\n", "\n```");
      else this.around(...AROUND[mark]);
    }

    get chosen() {
      return this.text.value.slice(this.text.selectionStart, this.text.selectionEnd);
    }

    // Takes it away if it stands there. Blanks at an edge stay outside, as Markdown wants it.
    around(before, after = before) {
      const { value } = this.text,
        said = this.chosen.trim(),
        from = this.text.selectionStart + (said ? this.chosen.indexOf(said) : 0),
        to = from + (said ? said.length : this.chosen.length),
        is = value.slice(0, from).endsWith(before) && value.slice(to).startsWith(after);
      if (is) this.write(said, from - before.length, to + after.length);
      else this.write(before + value.slice(from, to) + after, from, to);
      const start = from + (is ? -before.length : before.length);
      this.text.setSelectionRange(start, start + to - from);
      // What a link leads to is missing still.
      if (!is && said && before === "[") this.text.setSelectionRange(to + 3, to + after.length);
    }

    // All lines that the selection touches begin like that; if they do, they do no longer.
    lines(mark, others) {
      const { value, selectionStart, selectionEnd } = this.text,
        from = value.lastIndexOf("\n", selectionStart - 1) + 1,
        to = `${value}\n`.indexOf("\n", selectionEnd),
        lines = value.slice(from, to).split("\n"),
        is = lines.every((line) => line.match(others)?.[0] === mark);
      const words = lines.map((line) => (is ? "" : mark) + line.replace(others, "")).join("\n");
      this.write(words, from, to);
      if (selectionStart !== selectionEnd) this.text.setSelectionRange(from, from + words.length);
    }

    // The line below begins as this one does; a line that has nothing else loses it.
    goOn() {
      const { value, selectionStart: at, selectionEnd } = this.text,
        start = value.lastIndexOf("\n", at - 1) + 1,
        line = value.slice(start, at),
        [all, quote, space, mark = "", number, dot] = line.match(BEGINNING),
        is_code = (value.slice(0, start).match(/^[ \t]*```/gm) ?? []).length % 2;
      if (at !== selectionEnd || is_code || !(quote.trim() || mark)) return false;
      if (line !== all || value.slice(at).match(/^[^\n]/))
        this.write(`\n${quote}${space}${number ? `${Number(number) + 1}${dot} ` : mark.replace(/x/i, " ")}`);
      else this.write("", start, at);
      return true;
    }

    paste(event) {
      const address = event.clipboardData.getData("text/plain").trim(),
        said = this.chosen;
      if (!/^https?:\/\/\S+$/.test(address) || !said.trim() || /[\n[\]]|^https?:/.test(said)) return;
      event.preventDefault();
      this.write(`[${said}](${/[()]/.test(address) ? `<${address}>` : address})`);
    }

    // Put words in the place of others, by the old command, as only that can be undone with Ctrl+Z.
    write(words, from = this.text.selectionStart, to = this.text.selectionEnd) {
      this.text.focus();
      this.text.setSelectionRange(from, to);
      if (from === to && !words) return;
      if (document.execCommand(words ? "insertText" : "delete", false, words)) return;
      this.text.setRangeText(words, from, to, "end");
      this.text.dispatchEvent(new Event("input", { bubbles: true }));
    }
  },
);
