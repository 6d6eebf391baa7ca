// "5 minutes ago" goes on while the page is open: one timer for all of them, and none while nobody sees it.
const SPANS = { day: 86_400, hour: 3_600, minute: 60 };
const LATEST = 30 * SPANS.day; // what is older has a date
const { lang } = document.documentElement;
const AGO = lang === "en" ? null : new Intl.RelativeTimeFormat(lang);

function tick() {
  if (document.hidden) return;
  for (const time of fresh.ages(document)) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (seconds >= LATEST) continue;
    const said = ago(seconds);
    if (said !== time.textContent) time.textContent = said;
  }
}

// In the server's words.
function ago(seconds) {
  const [name, size] = Object.entries(SPANS).find(([, size]) => seconds >= size) ?? [];
  const number = Math.floor(seconds / size);
  if (!name) return _("just now");
  return AGO ? AGO.format(-number, name) : `${number} ${name}${number > 1 ? "s" : ""} ago`;
}

setInterval(tick, 60_000);
document.addEventListener("visibilitychange", tick);
