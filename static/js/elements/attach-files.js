// <attach-files>: what is pasted, dropped or chosen is uploaded at once, and named in the text where the cursor is.
customElements.define(
  "attach-files",
  class extends HTMLElement {
    connectedCallback() {
      if (!this.dataset.to) return;
      this.text = this.querySelector("textarea");
      this.told = this.querySelector("[role=status]");
      this.queue = [];
      this.addEventListener("change", (event) => {
        if (event.target.type !== "file") return;
        this.take(event.target.files);
        event.target.value = ""; // else the form would bring them once more
      });
      this.text.addEventListener("paste", (event) => {
        // An office program copies its words as a picture too: the words are meant.
        if (!event.clipboardData.types.includes("text/plain")) this.taken(event, event.clipboardData);
      });
      this.addEventListener("dragover", (event) => {
        if (event.dataTransfer.types.includes("Files")) event.preventDefault();
      });
      this.addEventListener("drop", (event) => this.taken(event, event.dataTransfer));
      this.text.form.addEventListener("submit", (event) => {
        if (!this.queue.length) return;
        event.preventDefault();
        event.stopPropagation();
        this.say(_("Wait until the files are uploaded."), true);
      });
    }

    taken(event, brought) {
      if (!brought.files.length) return;
      event.preventDefault();
      this.take(brought.files);
    }

    async take(files) {
      const waiting = this.queue.length;
      this.queue.push(...files);
      if (waiting) return;
      const failed = [];
      while (this.queue.length) {
        const fault = await this.upload(this.queue[0]);
        if (fault) failed.push(fault);
        this.queue.shift();
      }
      this.say(failed.join(" ") || _("Attached. Save to keep it."), failed.length);
    }

    // Returns what went wrong, if anything did.
    async upload(file) {
      const said = _("Uploading %(file)s…", { file: file.name }),
        place = `[${said}]()`;
      const body = new FormData();
      let made = {},
        status = 0;
      body.append("file", file);
      this.say(said);
      this.write(place);
      try {
        const headers = { Accept: "application/json", "X-CSRF-TOKEN": this.text.form.elements.csrf_token.value };
        const answer = await fetch(this.dataset.to, { method: "POST", headers, body });
        status = answer.status;
        made = await answer.json();
      } catch {
        // No network, or an answer that is not ours: told below.
      }
      this.replace(place, made.markdown ?? "");
      if (made.markdown) return "";
      if (status === 413) return _("%(file)s is too large.", { file: file.name });
      if (!made.detail) return _("%(file)s could not be uploaded. Try again.", { file: file.name });
      return _("%(file)s could not be uploaded. %(why)s", { file: file.name, why: made.detail });
    }

    write(words) {
      const { selectionStart: start, selectionEnd: end, value } = this.text;
      const apart = start && value[start - 1] !== "\n" ? "\n" : "";
      this.text.setRangeText(`${apart}${words}\n`, start, end, "end");
    }

    replace(place, words) {
      const at = this.text.value.indexOf(place);
      if (at >= 0) this.text.setRangeText(words, at, at + place.length, "preserve");
      this.text.dispatchEvent(new Event("input", { bubbles: true }));
    }

    say(words, wrong = false) {
      this.told.textContent = words;
      this.told.className = wrong ? "error" : "hint";
    }
  },
);
