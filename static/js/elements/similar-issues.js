// <similar-issues>: what is already there like the title that is being typed. Its links open as any link does.
const STATES = { open: _("open"), closed: _("closed") };

customElements.define(
  "similar-issues",
  class extends HTMLElement {
    connectedCallback() {
      this.title_field = document.querySelector("#title");
      this.onInput = () => {
        clearTimeout(this.wait);
        this.wait = setTimeout(() => this.look(), 350);
      };
      this.title_field?.addEventListener("input", this.onInput);
    }

    disconnectedCallback() {
      clearTimeout(this.wait);
      this.title_field?.removeEventListener("input", this.onInput);
    }

    async look() {
      const title = this.title_field.value.trim();
      try {
        const address = `${this.dataset.from}?${new URLSearchParams({ title })}`;
        const answer = title && (await fetch(address, { headers: { Accept: "application/json" } }));
        const found = answer?.ok ? (await answer.json()).items : [];
        if (title === this.title_field.value.trim()) this.show(found);
      } catch {
        // No network: the form works without.
      }
    }

    show(found) {
      const items = found.map(({ key, number, title, state }) => {
        const item = document.createElement("li"),
          link = document.createElement("a");
        link.href = this.dataset.from.replace(/similar$/, number);
        link.textContent = title;
        item.append(link, ` ${key}, ${STATES[state] ?? state}`);
        return item;
      });
      const heading = document.createElement("p"),
        list = document.createElement("ul");
      heading.textContent = _("Similar issues");
      list.append(...items);
      this.replaceChildren(...(items.length ? [heading, list] : []));
    }
  },
);
