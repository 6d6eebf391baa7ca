"""What a browser is called, as people call it.

A table of our own, as only the name is shown: parsers of user agents bring a megabyte of rules, for models of phones,
that must be kept up to date. What is in no row is shown as it calls itself.
"""

from webapp.i18n import _

# The first that is in the text counts, as most browsers also call themselves what they descend from.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def called(agent: str | None) -> str:
    """What a user agent says, like "Firefox on Linux"; of a program what it calls itself before its version."""
    if not agent:
        return _("Unknown")
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and agent.startswith("Mozilla/"):
        return _("%(browser)s on %(system)s", browser=browser, system=system) if system else browser
    return agent.partition("/")[0] if agent.partition("/")[0].isidentifier() else agent


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for mark, name in names if mark in agent), None)
