// "5 minutes ago" goes on while the page is open: one timer for all of them, and none while nobody sees it.
const SPANS = { day: 86_400, hour: 3_600, minute: 60 };
const AGO = /^(just now|\d+ (minute|hour|day)s? ago)$/;

function tick() {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[datetime]")) {
    const said = AGO.test(time.textContent) && ago((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (said && said !== time.textContent) time.textContent = said;
  }
}

// In the server's words, which after thirty days has a date instead.
function ago(seconds) {
  const [name, size] = Object.entries(SPANS).find(([, size]) => seconds >= size) ?? [];
  const number = Math.floor(seconds / size);
  return name ? `${number} ${name}${number > 1 ? "s" : ""} ago` : "just now";
}

setInterval(tick, 60_000);
document.addEventListener("visibilitychange", tick);
