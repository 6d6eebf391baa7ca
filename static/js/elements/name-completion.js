// <name-completion data-people data-newest data-found>: while a text is typed, @ offers people and # issues.
const BEGUN = /(?:^|[\s(>])([@#])([^\s@#]{0,40})$/,
  WAIT = 150,
  MOST = 8;
const SAID = {
  "@": ({ name, handle }) => ({ text: name, note: `@${handle}` }),
  "#": ({ issue, ...one }) => ({ text: (issue ?? one).title, note: `#${(issue ?? one).number}` }),
};

customElements.define(
  "name-completion",
  class extends HTMLElement {
    connectedCallback() {
      this.frame = this.closest("markdown-field");
      this.text = this.frame.querySelector("textarea");
      this.list = document.createElement("choice-list").serve(this.text, {
        id: `${this.text.id}-names`,
        label: _("People and issues"),
        take: ({ note }) => this.take(note),
      });
      this.append(this.list);
      this.text.addEventListener("input", () => this.offer());
      // Before the text does with a key what is its own.
      this.text.addEventListener("keydown", (event) => this.list.key(event), { capture: true });
      this.text.addEventListener("blur", () => this.list.close());
    }

    disconnectedCallback() {
      clearTimeout(this.waiting);
    }

    // What is typed before the cursor: with @ or #, or nothing that is completed.
    begun() {
      const { value, selectionStart: at, selectionEnd } = this.text;
      return at === selectionEnd ? value.slice(Math.max(0, at - 50), at).match(BEGUN) : null;
    }

    offer() {
      clearTimeout(this.waiting);
      if (this.begun()) this.waiting = setTimeout(() => this.look(), WAIT);
      else this.list.close();
    }

    async look() {
      const [, sign, sought] = this.begun() ?? [];
      if (!sign) return;
      const answer = await fetch(this.address(sign, sought), { headers: { Accept: "application/json" } }).catch(
        () => null,
      );
      const { items } = answer?.ok ? await answer.json() : { items: [] };
      const now = this.begun() ?? [];
      // Somebody has typed on, or is elsewhere.
      if (now[1] !== sign || now[2] !== sought || document.activeElement !== this.text) return;
      this.list.show(items.slice(0, MOST).map(SAID[sign]), true);
      this.place();
    }

    // Before a word is typed the newest issues, which a search does not know.
    address(sign, sought) {
      const { people, newest, found } = this.dataset,
        q = sign === "#" && /^\d+$/.test(sought) ? `#${sought}` : sought;
      return `${sign === "@" ? people : q ? found : newest}&${new URLSearchParams({ q })}`;
    }

    take(said) {
      const [, , sought] = this.begun() ?? [],
        at = this.text.selectionStart;
      if (sought !== undefined) this.frame.write(`${said} `, at - sought.length - 1, at);
    }

    // Below the line with the cursor, which a copy of the text knows.
    place() {
      const copy = document.createElement("div"),
        end = document.createElement("span"),
        style = getComputedStyle(this.text);
      for (const name of ["font", "lineHeight", "padding", "direction"]) copy.style[name] = style[name];
      Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap" });
      Object.assign(copy.style, { overflowWrap: "break-word", inlineSize: `${this.text.clientWidth}px` });
      copy.append(this.text.value.slice(0, this.text.selectionStart), end);
      end.textContent = ".";
      this.append(copy);
      const below = end.offsetTop + end.offsetHeight - this.text.scrollTop;
      copy.remove();
      this.list.list.style.insetBlockStart = `${this.text.offsetTop + Math.min(below, this.text.clientHeight)}px`;
    }
  },
);
