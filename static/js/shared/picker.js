// A form in a dialog, of which something is chosen by keys: a field leaves of many choices those that it names, few
// are taken by a digit or a first letter, and what is typed while the form is on its way is not lost.
const FEW = 9,
  WAIT = 150;
const { make } = fresh;

window.ChoosingDialog = class extends HTMLElement {
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
      ariaLabel: _("Find in %(what)s", { what: name }),
      placeholder: _("Find"),
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
    this.say(this.sift() && !this.choices().length ? [_("Nothing has that name.")] : []);
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
};

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

window.choosing = { rename };
