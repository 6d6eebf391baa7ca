// <board-columns>: cards are dragged, or moved with Shift and the arrows. Both send the form that is around.
customElements.define(
  "board-columns",
  class extends HTMLElement {
    connectedCallback() {
      for (const card of this.querySelectorAll(".board-cards > li")) card.draggable = true;
      for (const name of ["dragstart", "dragover", "drop", "dragend", "keydown"]) this.addEventListener(name, this);
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
        sent = new FormData(form),
        radio = card.querySelector("[name=card]");
      sent.delete("place");
      sent.set("card", `${number(card)} ${home[0].closest(".board-column").dataset.column}`);
      sent.set("column", column.dataset.column);
      for (const [name, beside] of [
        ["after", card.previousElementSibling],
        ["before", card.nextElementSibling],
      ])
        if (beside) sent.set(name, number(beside));
      const answer = await fetch(form.action, {
        method: "POST",
        body: sent,
        headers: { Accept: "application/json" },
      }).catch(() => null);
      const told = await answer?.json().catch(() => null);
      if (!answer?.ok) home[0].insertBefore(card, home[1]);
      else if (radio.value.includes(" ")) radio.value = `${told.number} ${told.column}`;
      this.say(
        answer?.ok
          ? `Moved to ${column.ariaLabel}.`
          : (told?.errors?.[0]?.message ?? told?.detail ?? "Not moved. Try again."),
        !answer?.ok,
      );
    }

    say(words, failed) {
      const told = this.querySelector("[role=status]");
      told.textContent = words;
      told.classList.toggle("hidden", !failed);
    }
  },
);

// A card that may stand in several columns has its column in its id as well.
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
