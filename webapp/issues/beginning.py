"""What the form of a new issue begins with: the words of an address, and those of a template."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from werkzeug.datastructures import MultiDict

from webapp.types import COMMA


class Template(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def labels(self) -> Sequence[str]: ...


def chosen(given: MultiDict[str, str], templates: Iterable[Template]) -> int | None:
    """The id of the template that an address names, if there is such a one."""
    wanted = given.get("template")
    return next((one.id for one in templates if str(one.id) == wanted), None)


def fields(given: MultiDict[str, str], templates: Iterable[Template]) -> MultiDict[str, str]:
    """The values of the form. What the address says itself counts more than what its template says."""
    values = MultiDict(given)
    if "labels" in given:
        values.setlist("labels", _names(given.getlist("labels")))
    wanted = chosen(given, templates)
    for template in templates:
        if template.id == wanted:
            values.setdefault("title", template.title)
            values.setdefault("body", template.body)
            values.setlistdefault("labels", template.labels)
    return values


def shared(given: MultiDict[str, str]) -> dict[str, Any]:
    """What another application shares, as a new issue begins with it: a title, a text, and an address below that."""
    text, url = given.get("text", "").strip(), given.get("url", "").strip()
    body = text if url in text else f"{text}\n\n{url}".strip()
    words = {"title": " ".join(given.get("title", "").split()), "body": body or given.get("body", "")}
    return {name: value for name, value in words.items() if value}


def _names(given: Sequence[str]) -> list[str]:
    """`labels=a,b` means what `labels=a&labels=b` does; a name may have a comma of its own."""
    return [name for one in given for name in dict.fromkeys([one, *map(str.strip, COMMA.split(one))])]
