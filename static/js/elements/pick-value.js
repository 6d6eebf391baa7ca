// <pick-value>: a value is changed where it stands. The page that has the form for it alone opens as a dialog below
// the value, and what the server says has become true is put in place: of an issue, of the row or card that has the
// focus, or of all rows that are ticked.
const PARTS = { s: "status", a: "assignees", l: "labels", p: "priority", m: "milestone", d: "dates" };
const NAMES = {
  status: _("Status"),
  assignees: _("Assignees"),
  labels: _("Labels"),
  priority: _("Priority"),
  milestone: _("Milestone"),
  dates: _("Dates"),
};
const { make, ask, over, here, ofAll, words, notice, swap, place, back } = fresh;

customElements.define(
  "pick-value",
  class extends ChoosingDialog {
    connectedCallback() {
      this.dialog = make("dialog", { className: "picker" });
      this.dialog.addEventListener("keydown", (event) => this.keydown(event));
      this.dialog.addEventListener("close", () => this.dialog.replaceChildren());
      this.append(this.dialog);
      this.told = document.querySelector(".latest") ?? make("div", { className: "latest", role: "status" });
      if (!this.told.isConnected) this.append(this.told);
      for (const name of ["click", "submit", "loose-key"]) document.addEventListener(name, this);
    }

    disconnectedCallback() {
      for (const name of ["click", "submit", "loose-key"]) document.removeEventListener(name, this);
    }

    handleEvent(event) {
      this[event.type](event);
    }

    click(event) {
      const { target } = event;
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (this.dialog.contains(target)) return this.within(event);
      const opens = target.closest("a[data-pick], .picked button[name=do]");
      if (!opens) return;
      event.preventDefault();
      this.open(opens.href ?? address(opens), opens);
    }

    "loose-key"(event) {
      const field = this.rows(event.target)?.fields.find((one) => one.key === event.detail);
      if (!field) return;
      field.go();
      event.preventDefault();
    }

    // What can be changed where `from` is: of the rows that are ticked or the one that has it, else of the issue.
    chosen(from) {
      const values = [...document.querySelectorAll("a[data-pick]")].map((at) =>
        this.field(at.dataset.pick, at.href, at, at.dataset.key),
      );
      return this.rows(from) ?? (values.length ? { name: _("This issue"), fields: values } : null);
    }

    rows(from) {
      const many = [...document.querySelectorAll(".picked button[name=do]")].filter((one) => one.checkVisibility()),
        row = from.closest(".picking :is(.issue-row, .board-cards > li)"),
        at = row?.querySelector("a");
      if (many.length) {
        const ticked = document.querySelectorAll(".picking [name=numbers]:checked").length,
          every = document.querySelector(".picked [name=every]:checked");
        return {
          name: every
            ? _("With all that match")
            : ngettext("With the %(num)s selected", "With the %(num)s selected", ticked),
          fields: this.withMe(many.map((one) => this.field(one.textContent, address(one), one, one.dataset.key))),
        };
      }
      if (!row) return null;
      const fields = Object.entries(PARTS).map(([key, part]) =>
        this.field(NAMES[part], `${at.pathname}/${part}`, at, key),
      );
      const close = this.field(_("Close issue"), `${at.pathname}/closure`, at);
      return {
        name: _("With %(key)s", { key: row.querySelector(".key, label").textContent }),
        fields: [...this.withMe(fields), close],
      };
    }

    field(text, leads, at, key = "") {
      return {
        name: text,
        text: `${text}…`,
        leads,
        key,
        at: leads,
        spot: at,
        go: (meant) => this.open(leads, at, meant),
      };
    }

    withMe(fields) {
      const { leads, spot } = fields.find((one) => one.key === "a");
      return [...fields, { text: _("Assign to me"), key: "i", at: "i", go: () => this.assign(leads, spot) }];
    }

    // To oneself, without asking. Whoever cannot be assigned is shown who can, and whoever means all that match, how
    // many these are.
    async assign(address, at) {
      at.ariaBusy = "true";
      const [answer, page] = await ask(address),
        form = answer?.ok && page.querySelector("main > form"),
        me = form && !ofAll(form) ? form.querySelector("[data-me]") : null;
      if (me) me.checked = true;
      await (me ? this.send(form) : form || this.refuse(answer, page, false));
      at.ariaBusy = null;
      if (form && !me) this.open(address, at, form.querySelector("[data-me]")?.id);
    }

    // Open the form at an address below what it is about, with a choice that was meant already as its id says.
    async open(address, at, meant = "") {
      if (this.turn && this.dialog.open) return;
      const turn = {};
      Object.assign(this, { turn, at, typed: [], form: null, was: place(document.activeElement) });
      this.dialog.replaceChildren();
      this.show();
      const [answer, page] = await ask(address);
      if (this.turn !== turn || !this.dialog.open) return;
      const form = answer?.ok && page.querySelector("main > form");
      if (!form) return this.refuse(answer, page);
      const choice = meant && form.querySelector(`#${CSS.escape(meant)}`);
      if (choice) choice.checked = choice.type === "radio" || !choice.checked;
      this.fill(form, page.querySelector("main > h1").textContent);
      this.show();
    }

    within(event) {
      const { target } = event;
      if (target === this.dialog || target.closest(".buttons a")) {
        event.preventDefault();
        this.dialog.close();
      }
      // Who points at one of few means it; arrows, which press as well, only go there.
      const choice = event.detail && !this.filter && target.closest(".choice")?.querySelector("[type=radio]");
      if (choice) setTimeout(() => choice.checked && this.form?.contains(choice) && this.form.requestSubmit());
    }

    submit(event) {
      const form = event.target;
      if (
        event.defaultPrevented ||
        !form.matches(".picker form, .latest form, main > .notice form, [data-piece=details] form")
      )
        return;
      event.preventDefault();
      this.send(form, event.submitter);
    }

    // One after another, as each may rest on what the one before it changed. What was chosen is seen at once, as on
    // its way; it stands in its place once it is saved, and till then what was there before.
    send(form, button = null) {
      if (form.ariaBusy) return;
      const busy = [button, form.querySelector(".primary"), form.querySelector(":checked")?.closest(".choice")];
      for (const one of [form, ...busy]) if (one) one.ariaBusy = "true";
      const body = new FormData(form, button);
      this.last = (this.last ?? Promise.resolve())
        .then(() => this.sent(form, busy, body))
        // Perhaps after it was saved: what is so, the page knows.
        .catch((error) => {
          console.error(error);
          location.reload();
        });
      return this.last;
    }

    async sent(form, busy, body) {
      const [answer, page] = await ask(form.action, { method: "POST", body });
      const is_done = answer?.ok && !over(answer) && !page.querySelector("#problem");
      const now = is_done && !here(answer) ? (await ask(location.href))[1] : page;
      rest(form, busy);
      const is_asked = form === this.form,
        typed = is_asked ? this.typed.splice(0) : [];
      if (!is_done) return this.refuse(answer, page, is_asked);
      if (is_asked) {
        this.form = this.turn = null;
        this.dialog.close();
      }
      const was = is_asked ? this.was : place(document.activeElement);
      if (now?.querySelector("[data-piece]")) swap(document.querySelector("main"), now.querySelector("main"));
      document.querySelector("board-columns")?.connectedCallback();
      back(was);
      this.tell(page.querySelectorAll("main > .notice"));
      for (const key of typed)
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    }

    // In the server's own words, where it was asked.
    refuse(answer, page, is_asked = true) {
      const said = words(answer, page),
        form = page?.querySelector("main form:has([name=version], [name=expected])");
      if (!is_asked || (!this.form && !this.dialog.open)) return this.tell([notice("failed", ...said)]);
      if (!this.form) {
        this.said = make("div", { role: "alert", className: "picker-said" });
        this.dialog.ariaLabel = _("Not possible");
        this.dialog.replaceChildren(this.said, closing(this.dialog));
      } else if (form) this.renew(choosing.rename(document.adoptNode(form)));
      if (!this.dialog.open || !this.form) this.show();
      this.dialog.ariaBusy = null;
      this.say(said);
    }

    // What was refused is sent again as the answer says: made of what stands there now, with how to go on.
    renew(form) {
      for (const name of ["version", "base", "expected"]) {
        const [mine, theirs] = [this.form.elements[name], form.elements[name]];
        if (mine && theirs) mine.value = theirs.value;
      }
      this.form.querySelector(".versions")?.remove();
      const versions = form.querySelector(".versions");
      if (versions) this.form.querySelector(".buttons").before(versions);
    }

    say(said) {
      this.said.replaceChildren(...said);
    }

    // What a page would say above all else stands where it is seen from anywhere.
    tell(notices) {
      for (const old of document.querySelectorAll("main > .notice")) old.remove();
      for (const one of notices) {
        one.removeAttribute("role"); // what is around it is read out already
        for (const form of one.querySelectorAll("form")) delete form.dataset.once;
      }
      this.told.replaceChildren(...notices);
    }
  },
);

function rest(...busy) {
  for (const one of busy.flat()) if (one) one.ariaBusy = null;
}

// Where a button of a form that only asks leads.
function address(button) {
  return `${button.form.action}?${new URLSearchParams(new FormData(button.form, button))}`;
}

function closing(dialog) {
  const button = make("button", { type: "button", className: "button", textContent: _("Close") });
  button.addEventListener("click", () => dialog.close());
  return button;
}
