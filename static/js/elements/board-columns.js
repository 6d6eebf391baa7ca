// <board-columns>: cards are dragged, or moved with Shift and the arrows, and new ones are begun in their column.
// That sends the form that is around, or the one for a new issue; the page that answers says what has become true.
customElements.define(
  "board-columns",
  class extends HTMLElement {
    connectedCallback() {
      for (const card of this.querySelectorAll(".board-cards > li")) card.draggable = true;
      for (const name of ["dragstart", "dragover", "drop", "dragend", "keydown", "click"])
        this.addEventListener(name, this);
    }

    handleEvent(event) {
      this[event.type](event);
    }

    dragstart(event) {
      this.card = event.target.closest(".board-cards > li");
      this.home = this.card && [this.card.parentNode, this.card.nextSibling];
      this.card?.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
    }

    dragover(event) {
      const cards = event.target.closest(".board-column")?.querySelector(".board-cards");
      if (!this.card || !cards) return;
      event.preventDefault();
      if (cards.closest(".board-strip")) cards.closest("details").open = true;
      const below = [...cards.children].find((one) => one !== this.card && event.clientY < middle(one));
      if (cards !== this.card.parentNode || below !== this.card.nextSibling)
        cards.insertBefore(this.card, below ?? null);
    }

    drop(event) {
      event.preventDefault();
      if (this.card && !here(this.card, this.home)) this.send(this.card, this.home);
      this.home = null;
    }

    dragend() {
      this.card?.classList.remove("is-dragged");
      if (this.home) this.home[0].insertBefore(this.card, this.home[1]);
      this.card = this.home = null;
    }

    keydown(event) {
      if (event.target.matches(".board-add")) return this.typed(event);
      const card = event.target.closest(".board-cards > li"),
        by = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
      if (!card || !by || event.ctrlKey || event.metaKey || event.altKey) return;
      const lists = [...this.querySelectorAll(".board-cards")],
        cards = card.parentNode,
        at = [...cards.children].indexOf(card);
      const list = lists[lists.indexOf(cards) + by[0]];
      if (!list) return;
      event.preventDefault();
      list.closest("details").open = true;
      if (!event.shiftKey)
        return list.children[Math.max(0, Math.min(at + by[1], list.children.length - 1))]?.querySelector("a").focus();
      const home = [cards, card.nextSibling],
        to = by[0]
          ? list.children[at]
          : by[1] < 0
            ? card.previousElementSibling
            : card.nextElementSibling?.nextElementSibling;
      if (by[1] < 0 && !to) return;
      list.insertBefore(card, to ?? null);
      card.querySelector("a").focus();
      if (!here(card, home)) this.send(card, home);
    }

    async send(card, home) {
      const form = this.closest("form"),
        column = card.closest(".board-column"),
        sent = new FormData(form);
      sent.delete("place");
      sent.set("card", `${number(card)} ${home[0].closest(".board-column").dataset.column}`);
      sent.set("column", column.dataset.column);
      for (const [name, beside] of [
        ["after", card.previousElementSibling],
        ["before", card.nextElementSibling],
      ])
        if (beside) sent.set(name, number(beside));
      const [answer, page] = await board(form.action, { method: "POST", body: sent });
      if (!page || !answer.ok) home[0].insertBefore(card, home[1]);
      const now = page && answer.ok && cardOf(page, number(card), column.dataset.column);
      if (now) this.renew(card, now);
      this.tell(page);
    }

    // A card as it is drawn now, in its place.
    renew(card, now) {
      const isFocused = card.contains(document.activeElement);
      now.draggable = true;
      card.replaceWith(now);
      if (isFocused) now.querySelector("a").focus();
    }

    // The headings with their counts, and what is said, as on the page that answered.
    tell(page, ...more) {
      const said = page
        ? page.querySelectorAll("main > :is(.notice, .problem)")
        : [fresh.notice("failed", _("Not done. Try again."))];
      for (const there of page?.querySelectorAll(".board-column") ?? [])
        this.querySelector(column(there.dataset.column))
          ?.querySelector("summary")
          .replaceWith(there.querySelector("summary"));
      for (const one of said) one.removeAttribute("role"); // what is around it is read out already
      this.querySelector(".latest").replaceChildren(...said, ...more);
    }

    // "New issue" in a column: a line for its title, which stays for the next one. Esc takes it away.
    click(event) {
      const link = event.target.closest(".board-foot .with-icon");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const field = fresh.make("input", {
        className: "board-add",
        maxLength: 200,
        dir: "auto",
        placeholder: _("Title"),
        ariaLabel: link.textContent,
      });
      link.hidden = true;
      link.after(field);
      field.focus();
    }

    typed(event) {
      const field = event.target;
      if (event.key === "Escape") {
        field.previousElementSibling.hidden = false;
        field.previousElementSibling.focus();
        field.remove();
      }
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault(); // Enter would send the form that is around
      if (field.value.trim()) this.add(field);
    }

    async add(field) {
      const link = new URL(field.previousElementSibling.href),
        sent = new FormData(this.closest("form")),
        made = new FormData();
      made.set("csrf_token", sent.get("csrf_token"));
      made.set("title", field.value);
      for (const [name, value] of link.searchParams) made.append(name, value);
      field.ariaBusy = "true";
      const answer = await fetch(link.pathname.replace(/\/new$/, ""), {
        method: "POST",
        body: made,
        headers: { Accept: "application/json" },
      }).catch(() => null);
      const told = await answer?.json().catch(() => null);
      field.ariaBusy = null;
      const problem = told?.errors?.[0];
      if (!answer?.ok)
        return this.querySelector(".latest").replaceChildren(
          fresh.notice(
            "failed",
            problem?.field === "title"
              ? _("%(field)s %(problem)s", { field: _("Title"), problem: problem.message })
              : (problem?.message ?? told?.detail ?? _("Not done. Try again.")),
          ),
        );
      field.value = "";
      const [, page] = await board(location.href),
        list = field.closest(".board-column").querySelector(".board-cards"),
        card = page && cardOf(page, told.number, list.closest(".board-column").dataset.column);
      this.tell(page, fresh.notice("done", _("Issue %(key)s opened.", { key: told.key })));
      if (!card) return;
      card.draggable = true;
      const place = [...card.parentNode.children].indexOf(card);
      list.insertBefore(card, list.children[place] ?? null);
      card.scrollIntoView({ block: "nearest" });
    }
  },
);

// What a server answered, as a page with a board; null if it is none: the login is over, or nothing was reached.
async function board(address, how) {
  const [answer, page] = await fresh.ask(address, how);
  return [answer, page?.querySelector(".board") ? page : null];
}

function column(key) {
  return `[data-column="${CSS.escape(key)}"]`;
}

// A card that may stand in several columns has its column in its id as well.
function cardOf(page, number, key) {
  return [...page.querySelectorAll(`${column(key)} .board-cards > li`)].find(
    (one) => String(number) === one.id.split("-")[1],
  );
}

function number(card) {
  return card.id.split("-")[1];
}

function middle(card) {
  const { top, height } = card.getBoundingClientRect();
  return top + height / 2;
}

function here(card, [list, next]) {
  return card.parentNode === list && card.nextSibling === next;
}
