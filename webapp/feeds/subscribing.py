"""The addresses that are given out: they go on meaning the same, whatever becomes of the names in them."""

import re
from typing import Any
from urllib.parse import parse_qs, urlencode

from webapp.access import Viewer
from webapp.errors import CairnError
from webapp.feeds.addresses import OF_PAGES
from webapp.issues.schemas import IssueQuery
from webapp.lists import meaning, spoken
from webapp.projects import service as projects
from webapp.text.query import Unreadable

_LIST = re.compile(r"(?:/projects/([A-Za-z0-9]+))?/issues")
_SEVERAL = ("label", "status", "priority")


def lasting(listed: str, by: Viewer) -> str:
    """The address of a list with ids for what it names; as it is if it names nothing, or cannot be read."""
    path, _, asked = listed.partition("?")
    match = _LIST.fullmatch(path)
    if match is None:
        return listed
    said = {name: values for name, values in parse_qs(asked).items() if name not in ("token", *OF_PAGES)}
    fields: Any = {name: values if name in _SEVERAL else values[-1] for name, values in said.items()}
    try:
        project = projects.get(match[1], by) if match[1] else None
        text = spoken.text_of(IssueQuery.model_validate(fields))
        lasts = meaning.numbered(text, meaning.seen_in(project, by), everywhere=project is None)
    except (CairnError, ValueError, Unreadable):
        return listed
    return listed if lasts == text else f"{path}?{urlencode({'q': lasts})}"
