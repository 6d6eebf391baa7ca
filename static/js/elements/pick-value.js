// <pick-value>: a value is changed where it stands. The page that has the form for it alone opens as a dialog below
// the value, and what the server says has become true is put in place: of an issue, of the row or card that has the
// focus, or of all rows that are ticked.
const PARTS = { s: "status", a: "assignees", l: "labels", p: "priority", m: "milestone", d: "dates", i: "assignees" };
const FEW = 9,
  WAIT = 150;
const { make, ask, over, here, words, swap, place, back } = fresh;

customElements.define(
  "pick-value",
  class extends HTMLElement {
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
      const part = PARTS[event.detail],
        row = event.target.closest(".picking :is(.issue-row, .board-cards > li)");
      const many = part && document.querySelector(`.picked button[name=do][value=${part}]`);
      if (!part) return;
      const at = many?.checkVisibility() ? many : row?.querySelector("a");
      if (!at) return;
      const leads = at === many ? address(many) : `${at.pathname}/${part}`;
      if (event.detail === "i") this.assign(leads, at);
      else this.open(leads, at);
      event.preventDefault();
    }

    // To oneself, without asking. Whoever cannot be assigned is shown who can.
    async assign(address, at) {
      const [answer, page] = await ask(address),
        form = answer?.ok && page.querySelector("main > form"),
        me = form ? form.querySelector("[data-me]") : null;
      if (me) me.checked = true;
      if (me || !form) return me ? this.send(form) : this.refuse(answer, page, false);
      this.open(address, at);
    }

    // Open the form at an address below what it is about.
    async open(address, at) {
      if (this.turn && this.dialog.open) return;
      const turn = {};
      Object.assign(this, { turn, at, typed: [], form: null, was: place(document.activeElement) });
      this.dialog.replaceChildren();
      this.show();
      const [answer, page] = await ask(address);
      if (this.turn !== turn || !this.dialog.open) return;
      const form = answer?.ok && page.querySelector("main > form");
      if (!form) return this.refuse(answer, page);
      this.fill(form, page.querySelector("main > h1").textContent);
      this.show();
    }

    show() {
      this.dialog.ariaBusy = String(!this.form);
      if (!this.dialog.open) this.dialog.showModal();
      const { left, top, bottom } = this.at.getBoundingClientRect(),
        { offsetWidth: width, offsetHeight: height } = this.dialog;
      const below = bottom + 4,
        is_below = below + height + 8 <= innerHeight;
      this.dialog.style.setProperty("--x", `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`);
      this.dialog.style.setProperty(
        "--y",
        `${Math.max(8, is_below ? below : Math.min(top - 4, innerHeight - 8) - height)}px`,
      );
      if (!this.form) return;
      (
        this.filter ??
        this.form.querySelector(":checked") ??
        this.form.querySelector(":is(input, select):not([type=hidden])")
      ).focus();
      while (this.typed.length && !this.form?.ariaBusy) this.replay(this.typed.shift());
    }

    fill(form, name) {
      this.form = rename(document.adoptNode(form));
      delete form.dataset.once; // here it may be sent again, after a refusal
      const heading = make("h2", { id: "picked-name", textContent: name }),
        choices = this.choices();
      for (const legend of form.querySelectorAll("legend"))
        legend.classList.toggle("hidden", legend.textContent.trim() === name);
      this.more = [...form.querySelectorAll("pick-more")];
      for (const more of this.more) more.hidden = true;
      const is_few = choices.every((one) => one.type === "radio") && choices.length <= FEW && !this.more.length;
      this.filter = is_few || !choices.length ? null : this.search(name);
      if (is_few) for (const [at, one] of choices.entries()) number(one, at + 1);
      this.said = make("div", { role: "alert", className: "picker-said" });
      this.dialog.setAttribute("aria-labelledby", heading.id);
      this.dialog.replaceChildren(heading, this.said, form);
      form.prepend(...(this.filter ? [this.filter] : []));
    }

    // A field that leaves of the choices those that it names. Of many, the rest is looked up.
    search(name) {
      const field = make("input", {
        type: "search",
        ariaLabel: `Find in ${name}`,
        placeholder: "Find",
        autocomplete: "off",
      });
      field.addEventListener("input", () => {
        this.sift();
        clearTimeout(this.wait);
        this.wait = setTimeout(() => this.look(), WAIT);
      });
      return field;
    }

    sift() {
      const q = this.filter.value.trim().toLowerCase();
      for (const one of this.form.querySelectorAll(".choices > .choice"))
        one.hidden = !one.textContent.toLowerCase().includes(q);
      return q;
    }

    async look() {
      const q = this.sift();
      for (const more of q ? this.more : []) {
        const { name } = more.dataset,
          choices = more.parentNode.querySelector(".choices");
        more.input.value = q;
        await more.look();
        more.input.value = "";
        if (q !== this.filter?.value.trim().toLowerCase()) return;
        for (const one of more.found)
          if (!document.getElementById(`pick-${name}-${one.id}`))
            more.box(choices, name, `pick-${name}-${one.id}`, one);
      }
      this.say(this.sift() && !this.choices().length ? ["Nothing is called that."] : []);
    }

    choices() {
      return [...this.form.querySelectorAll(".choice:not([hidden]) input")];
    }

    keydown(event) {
      const { key, target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (!this.form || this.form.ariaBusy) {
        // The form is on its way, and will get what is typed; or on its way back, and what comes after it will.
        if (key.length > 1 && key !== "Enter") return;
        this.typed.push(key);
      } else if (
        target === this.filter
          ? !this.inFilter(key)
          : !target.matches("[type=checkbox], [type=radio]") || !this.onChoice(key, target)
      )
        return;
      event.preventDefault();
    }

    inFilter(key) {
      const [first] = this.choices();
      if (key === "ArrowDown") first?.focus();
      else if (key === "Enter" && this.filter.value.trim()) this.take(first);
      else return false;
      return true;
    }

    onChoice(key, target) {
      const all = this.choices(),
        at = all.indexOf(target);
      if (this.filter) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[key];
        if (step) (all[at + step] ?? (step < 0 ? this.filter : target)).focus();
        if (key.length === 1 && key !== " ") this.filter.focus(); // and it is typed there
        return Boolean(step);
      }
      const meant = /^[1-9]$/.test(key) ? [all[key - 1]] : all.filter((one) => begins(one, key));
      if (meant.length === 1 && meant[0]) this.take(meant[0]);
      else if (meant.length > 1) {
        const next = meant[(meant.indexOf(target) + 1) % meant.length];
        next.checked = true;
        next.focus();
      } else return false;
      return true;
    }

    // A choice: of several it is ticked, of one it is sent.
    take(choice) {
      if (!choice) return;
      choice.checked = choice.type === "radio" || !choice.checked;
      if (choice.type === "radio") return this.form.requestSubmit();
      this.filter.value = "";
      this.sift();
    }

    replay(key) {
      const at = document.activeElement;
      if (!this.form || at.form !== this.form) return;
      if (at === this.filter ? this.inFilter(key) : at.matches("[type=radio]") && this.onChoice(key, at)) return;
      if (key === "Enter") this.form.requestSubmit();
      else if (at.matches("input:not([type=radio], [type=checkbox])")) {
        at.value += key;
        at.dispatchEvent(new Event("input", { bubbles: true }));
      }
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

    // One after another, as each may rest on what the one before it changed.
    send(form, button = null) {
      if (form.ariaBusy) return;
      form.ariaBusy = "true";
      const body = new FormData(form, button);
      this.last = (this.last ?? Promise.resolve()).then(() => this.sent(form, button, body));
    }

    async sent(form, button, body) {
      const busy = [button, form.querySelector(".primary"), form.querySelector(":checked")?.closest(".choice")];
      for (const one of busy) if (one) one.ariaBusy = "true";
      const [answer, page] = await ask(form.action, { method: "POST", body });
      const is_done = answer?.ok && !over(answer) && !page.querySelector("#problem");
      const now = is_done && !here(answer) ? (await ask(location.href))[1] : page;
      for (const one of [form, ...busy]) if (one) one.ariaBusy = null;
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
      if (!is_asked || (!this.form && !this.dialog.open))
        return this.tell([make("div", { className: "notice notice-failed" }, ...said)]);
      if (!this.form) {
        this.said = make("div", { role: "alert", className: "picker-said" });
        this.dialog.ariaLabel = "Not possible";
        this.dialog.replaceChildren(this.said, closing(this.dialog));
      } else if (form) this.renew(rename(document.adoptNode(form)));
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

// Where a button of a form that only asks leads.
function address(button) {
  return `${button.form.action}?${new URLSearchParams(new FormData(button.form, button))}`;
}

// Ids of a form that lies over a page, which may have the same.
function rename(form) {
  const longer = (said) => said.replace(/\S+/g, "pick-$&");
  for (const one of form.querySelectorAll("[id], [for], [aria-describedby], [list]"))
    for (const name of ["id", "for", "aria-describedby", "list"])
      if (one.hasAttribute(name)) one.setAttribute(name, longer(one.getAttribute(name)));
  return form;
}

function number(choice, at) {
  const key = make("kbd", { textContent: at });
  key.ariaHidden = "true";
  choice.parentNode.append(key);
}

function begins(choice, key) {
  return key.length === 1 && choice.labels[0].textContent.trim().toLowerCase().startsWith(key.toLowerCase());
}

function closing(dialog) {
  const button = make("button", { type: "button", className: "button", textContent: "Close" });
  button.addEventListener("click", () => dialog.close());
  return button;
}
