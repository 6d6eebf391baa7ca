"""One line for a chat room, as each kind of room takes it. What people wrote calls nobody there, and is no markup."""

import re
from dataclasses import dataclass
from typing import Any

from webapp.models.webhooks import Form

LONGEST = 300
# Stands behind an @, so that no room takes the word for somebody, or for everybody.
_APART = "\u200b"
_MARKED = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>:])")


@dataclass(frozen=True, slots=True)
class Line:
    """Who did what; and what it is about, with its address."""

    words: str
    label: str
    url: str


def payload(form: str, line: Line) -> dict[str, Any]:
    """What is posted to a room of this kind."""
    return _FORMS[Form(form)](line)


def _slack(line: Line) -> dict[str, Any]:
    """Slack, Mattermost, Rocket.Chat, Zulip. In `<…>` they have links and calls, and nowhere else."""
    text = f"{_angled(line.words)}: <{line.url}|{_angled(line.label)}>"
    return {"text": text, "link_names": 0, "unfurl_links": False}


def _discord(line: Line) -> dict[str, Any]:
    text = f"{_unmarked(line.words)}: [{_unmarked(line.label)}](<{line.url}>)"
    return {"content": text, "allowed_mentions": {"parse": []}}


def _teams(line: Line) -> dict[str, Any]:
    """What a Teams workflow takes: a card with a line and a link."""
    text = f"{_unmarked(line.words)}: [{_unmarked(line.label)}]({line.url})"
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": text, "wrap": True}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _matrix(line: Line) -> dict[str, Any]:
    """A generic hook of matrix-hookshot: a text, and the same as HTML."""
    words, label = _quiet(line.words), _quiet(line.label)
    link = f'<a href="{_escaped(line.url)}">{_escaped(label)}</a>'
    return {"text": f"{words}: {label} {line.url}", "html": f"{_escaped(words)}: {link}"}


_FORMS = {Form.SLACK: _slack, Form.DISCORD: _discord, Form.TEAMS: _teams, Form.MATRIX: _matrix}


def _quiet(text: str) -> str:
    short = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return " ".join(short.split()).replace("@", f"@{_APART}").replace("](", f"]{_APART}(")


def _angled(text: str) -> str:
    return _quiet(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "¦")


def _unmarked(text: str) -> str:
    """Markdown takes each sign behind a backslash as itself; of `<` and links without marks the sign goes apart."""
    return _MARKED.sub(r"\\\1", _quiet(text).replace("<", f"<{_APART}"))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
