// <live-news>: says that the page has become another one since it was loaded, and shows it when asked. It looks at
// the page's own address, seldom and only while somebody is there; what it fetches is no look of theirs, until shown.
const SOON = 15_000,
  LATE = 120_000,
  IDLE = 300_000;
const COMMENTS = ".timeline > .card[id]",
  ROWS = ".issue-row, .board-cards > li",
  WHOLE = "main > h1, .issue-page > .card .markdown", // no pieces of an issue's page
  PIECES = ".issue-line, .issue-details [data-piece]";
const { make, over, swap } = fresh;

customElements.define(
  "live-news",
  class extends HTMLElement {
    connectedCallback() {
      this.wait = SOON;
      this.active = Date.now();
      for (const name of ["keydown", "pointerdown", "pointermove", "visibilitychange"])
        document.addEventListener(name, this, { passive: true });
      // Fetched ahead, the page may be minutes old, and nobody knows yet that it is looked at.
      const ahead = performance.getEntriesByType("navigation")[0]?.deliveryType === "navigational-prefetch";
      if (ahead) this.look("shown");
      else this.plan();
    }

    disconnectedCallback() {
      this.stop();
    }

    handleEvent({ type }) {
      const was_idle = Date.now() - this.active > IDLE;
      this.active = Date.now();
      if (type !== "pointermove") this.wait = this.tag === null ? LATE : SOON;
      if (was_idle || type === "visibilitychange") this.plan();
    }

    // No two at once, even if all came back at the same moment.
    plan() {
      clearTimeout(this.timer);
      if (document.hidden || Date.now() - this.active > IDLE) return;
      this.timer = setTimeout(() => this.look(), this.wait * (0.8 + 0.4 * Math.random()));
      this.wait = Math.min(this.wait * 1.5, LATE);
    }

    stop() {
      clearTimeout(this.timer);
      for (const name of ["keydown", "pointerdown", "pointermove", "visibilitychange"])
        document.removeEventListener(name, this);
    }

    async look(purpose = "preview") {
      const answer = await this.ask(purpose);
      if (answer && (over(answer) || [401, 403, 404, 410].includes(answer.status))) return this.stop();
      const tag = answer?.headers.get("ETag");
      if (answer?.ok && (!tag || tag !== this.tag)) {
        this.tag = tag;
        if (!tag) this.wait = LATE; // a page that is made anew each time
        const page = await read(answer);
        if (page) this.tell(news(page));
      }
      this.plan();
    }

    // The browser asks whether what it has is still so, and hears 304.
    ask(purpose) {
      const headers = { Accept: "text/html", "X-Purpose": purpose };
      return fetch(location.href, { cache: "no-cache", headers }).catch(() => null);
    }

    tell([text, at]) {
      if (text === (this.said ?? "")) return;
      this.said = text;
      const link = make("a", { className: "button primary", href: at, textContent: text });
      link.addEventListener("click", (event) => this.show(event, at));
      this.replaceChildren(...(text ? [link] : []));
    }

    // What was typed stays. A page that has no pieces to renew is loaded again.
    async show(event, at) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.target.ariaBusy = "true";
      const answer = await this.ask("shown"),
        page = answer?.ok && !over(answer) && (await read(answer));
      event.target.ariaBusy = null;
      if (!answer || answer.status >= 500) return; // what is there is better than nothing
      if (!page?.querySelector("main [data-piece]") || words(page, WHOLE) !== words(document, WHOLE))
        return location.reload();
      swap(document.querySelector("main"), page.querySelector("main"));
      document.querySelector("board-columns")?.connectedCallback();
      this.tell([""]);
      if (at.startsWith("#")) document.querySelector(at)?.querySelector("a")?.focus();
      else document.querySelector("main").focus();
    }
  },
);

async function read(answer) {
  const html = await answer.text().catch(() => null);
  return html && fresh.parsed(html);
}

// What is to be told of the page as it is now, and where that leads. Of what happened only some may be shown, in
// lines that depend on when one was here; but whatever happens changes something else, too.
function news(page) {
  const said = compared(page, COMMENTS, (one) => told(one.querySelector(".markdown") ?? one));
  const comments = said.come.length;
  if (comments)
    return [ngettext("%(num)s new comment: show", "%(num)s new comments: show", comments), `#${said.come[0]}`];
  const lists = (one) => [...one.ownerDocument.querySelectorAll(".board-cards")];
  const { come, other, gone } = compared(page, ROWS, (one) => told(one) + lists(one).indexOf(one.parentNode));
  const changed = other.length + Math.max(come.length, gone.length);
  if (changed) return [ngettext("%(num)s changed: show", "%(num)s changed: show", changed), location.href];
  const all = `${WHOLE}, ${PIECES}`;
  const is_same = !said.other.length && words(document, all) === words(page, all);
  return is_same ? ["", ""] : [_("Changed: show"), location.href];
}

// Which of the things that are alike came, became others, and went.
function compared(page, which, words) {
  const [mine, theirs] = [document, page].map(
    (one) =>
      new Map([...one.querySelectorAll(which)].map((it) => [it.id || it.querySelector("a").pathname, words(it)])),
  );
  const keys = [...theirs.keys()];
  return {
    come: keys.filter((key) => !mine.has(key)),
    other: keys.filter((key) => mine.has(key) && mine.get(key) !== theirs.get(key)),
    gone: [...mine.keys()].filter((key) => !theirs.has(key)),
  };
}

// What it says; of times when they are, as how long ago that is becomes another by itself.
function words(page, which) {
  return [...page.querySelectorAll(which)].map(told).join();
}

function told(one) {
  const drawn = [...one.querySelectorAll("use")].map((use) => use.getAttribute("href")),
    said = one.cloneNode(true);
  for (const time of fresh.ages(said)) time.textContent = time.dateTime;
  return said.textContent.replace(/\s+/g, "") + one.className + drawn;
}
