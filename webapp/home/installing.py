"""What a browser is told about Cairn to install it, as an application of its own and one to share with."""

from typing import Any

from flask import url_for

from webapp.http.assets import asset
from webapp.i18n import _, language
from webapp.i18n.languages import direction

# As in static/css/tokens.css: the page behind, and the bar above it.
CANVAS, BAR = "#FBFAF7", "#FFFFFF"
ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable-512.png", 512, "maskable"))


def manifest() -> dict[str, Any]:
    """The web app manifest (W3C). Whoever shares something with Cairn begins a new issue with it."""
    return {
        "id": "/",
        "name": "Cairn",
        "short_name": "Cairn",
        "description": _("A project and issue tracker that a team can own."),
        "start_url": url_for("home.index"),
        "scope": "/",
        "lang": language(),
        "dir": direction(language()),
        "display": "standalone",
        "background_color": CANVAS,
        "theme_color": BAR,
        "categories": ["productivity", "developer tools"],
        "icons": [_icon(name, size, purpose) for name, size, purpose in ICONS],
        "shortcuts": [
            {"name": _("New issue"), "url": url_for("all_issues.new")},
            {"name": _("Inbox"), "url": url_for("inbox.index")},
            {"name": _("Assigned to you"), "url": url_for("all_issues.index", q="is:open assignee:@me")},
        ],
        "share_target": {
            "action": url_for("all_issues.new"),
            "method": "GET",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {"src": asset(f"icons/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
