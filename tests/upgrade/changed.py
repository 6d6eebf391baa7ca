"""What a later version has on purpose otherwise than an older one, each with its reason. All else must stay.

A reason holds for trackers from before the migration that it names; an end of `EVER` is for what changes by itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.upgrade.loading import Row, Rows

EVER = "9999"


@dataclass(frozen=True)
class Reason:
    before: str
    why: str


# Columns that went, or that are worked out anew.
ROWS = {
    "issues.position": Reason("0030", "cards nobody has moved stand by when they were made; boards show the order"),
    "issue_labels.place": Reason("0030", "repeats the position of its issue"),
    "issue_assignees.place": Reason("0030", "repeats the position of its issue"),
    "issue_templates.labels": Reason("0034", "names became ids, in label_ids; pages show the names"),
    "issue_documents.document": Reason(EVER, "the words for search, written anew where they are read otherwise"),
}
VERSION = "alembic_version"
# JSON columns that have learned more, and keep all that they had.
GROWN = {"events.data": Reason("0034", "ids stand beside names")}

# Addresses that are asked, and may be answered otherwise: by their status alone.
ANSWERS = {
    r"/keys": Reason(EVER, "tells what Cairn's keys do, and there are more"),
    r"/palette.*": Reason(EVER, "tells what can be done, and that is more"),
    r"(/projects/\w+)?/issues/query": Reason(EVER, "tells what a query can ask, and that is more"),
    r"/auth/sign-ins": Reason(EVER, "the login that asks is one more"),
    r"/projects/\w+/charts.*|.*/burn-up.*": Reason(EVER, "tells the days up to today"),
    r"/projects/\w+/members/invitations.*": Reason(EVER, "an invitation ends after 14 days"),
}
# Addresses that are over 30 days after the tracker was put away, as what was deleted is.
OVER = (r"/projects/\w+/trash.*", r"/projects/WALL/issues/8")

# Keys of JSON that went or changed, wherever they stand.
KEYS = {
    "request_id": Reason(EVER, "names the request"),
    "used_on": Reason(EVER, "a feed was read when the tracker was put away"),
    "snippet": Reason("0056", "shows words without their marks; where they are found is the same"),
    "from_id": Reason("0056", "what undoing a move needs is no longer shown"),
    "from_number": Reason("0056", "what undoing a move needs is no longer shown"),
    "query": Reason("0039", "names people without the sign before; the lists that it opens are compared"),
    "total": Reason("0056", "is counted where it was null"),
}
# Lists whose order within one moment is another.
AT_ONCE = {"activity": Reason(EVER, "what one act did is told in any order")}
ENVELOPE = Reason("0056", "a bare list is now the `items` of an object")

# Words that a page no longer says, by address and word; the rows and JSON have them.
WORDS = {
    (r"/|/projects", r"Walls \*\*without\*\* mortar"): Reason("0056", "descriptions are read as Markdown"),
    (r"/", r"The last stone"): Reason("0056", "what is archived is no news"),
    (r"/issues.*", r"Ada"): Reason("0056", "rows name who works on an issue"),
    (r"/projects/\w+/board.*", r"On .*"): Reason("0056", "a label's description is shown where labels are"),
}
LOCAL = re.compile(r"https?://(127\.0\.0\.1|localhost):\d+")


@dataclass(frozen=True)
class Judge:
    """Knows from which migration a tracker is, and so what may be otherwise."""

    migration: str

    def lost(self, before: Rows, after: Rows) -> Iterator[str]:
        """What is not as it was, row by row and column by column."""
        for table, old in before.items():
            for key, row in old.items() if table != VERSION else ():
                new = after.get(table, {}).get(key)
                if new is None:
                    yield f"{table} {key} is gone"
                else:
                    yield from self._changed(table, row, new)

    def _changed(self, table: str, old: Row, new: Row) -> Iterator[str]:
        for column, value in old.items():
            name, now = f"{table}.{column}", new.get(column)
            has_grown = self._may(GROWN, name) and value.items() <= now.items()
            if now != value and not has_grown and not self._may(ROWS, name):
                yield f"{name}: {value!r} became {now!r}"

    def faults(self, then: Any, now: Any) -> Iterator[str]:
        """What an answer lacks of what the former version answered there."""
        path = then["path"]
        if any(re.fullmatch(pattern, path) for pattern in OVER):
            return
        parts = ("status",) if self._matched(ANSWERS, path) else ("status", "kind", "location", "sum")
        for part in parts:
            if then.get(part) != now.get(part):
                yield f"{part}: {then.get(part)!r} became {now.get(part)!r}"
        if "kind" in parts:
            yield from self._unsaid(path, then, now)
            yield from self.unlike(then.get("json"), now.get("json"))

    def _unsaid(self, path: str, then: Any, now: Any) -> Iterator[str]:
        for word in then.get("says", ()):
            if word not in now.get("says", ()) and not self._may_be_silent(path, word):
                yield f"does not say {word!r}"

    def unlike(self, old: Any, new: Any, at: str = "") -> Iterator[str]:
        """Where new JSON does not say all that the old one said. It may say more."""
        if isinstance(old, list) and isinstance(new, dict) and self._holds(ENVELOPE):
            new = new.get("items")
        match old, new:
            case dict(), dict():
                yield from self._unlike_objects(old, new, at)
            case list(), list() if len(old) == len(new):
                for place, pair in enumerate(zip(old, new, strict=True)):
                    yield from self.unlike(*pair, f"{at}[{place}]")
            case _ if _bare(old) != _bare(new):
                yield f"{at}: {old!r} became {new!r}"

    def _unlike_objects(self, old: Any, new: Any, at: str) -> Iterator[str]:
        for key, value in old.items():
            if self._may(AT_ONCE, key):
                # Of what was done at the moment that the list ends with, any may be beyond its end.
                told, whole = new.get(key, []), [one for one in value if one["at"] != value[-1]["at"]]
                yield from (f"{at}.{key} lacks {one}" for one in whole if not self._is_among(one, told))
            elif not self._may(KEYS, key):
                yield from self.unlike(value, new.get(key, "nothing"), f"{at}.{key}")

    def _is_among(self, one: Any, told: list[Any]) -> bool:
        return any(not list(self.unlike(one, other)) for other in told)

    def _may(self, reasons: dict[str, Reason], name: str) -> bool:
        return name in reasons and self._holds(reasons[name])

    def _matched(self, reasons: dict[str, Reason], path: str) -> bool:
        return any(self._holds(one) and re.fullmatch(pattern, path) for pattern, one in reasons.items())

    def _may_be_silent(self, path: str, word: str) -> bool:
        return any(
            self._holds(one) and re.fullmatch(place, path) and re.fullmatch(said, word)
            for (place, said), one in WORDS.items()
        )

    def _holds(self, reason: Reason) -> bool:
        return self.migration < reason.before


def _bare(value: Any) -> Any:
    """Addresses without the place of the server, which is another."""
    return LOCAL.sub("", value) if isinstance(value, str) else value
