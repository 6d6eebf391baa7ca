"""Which issues commits and merge requests name, by the rule of all texts, where whoever connected them may act."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from webapp.access import Do, Viewer, can
from webapp.code_hosts.reading import Written
from webapp.errors import CairnError
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.references import service as references
from webapp.references.resolving import Meant
from webapp.text.markdown import find

# Most commits name nothing, and to parse each of a large push as Markdown takes seconds.
_MAY_NAME = re.compile(r"[A-Z][A-Z0-9]{1,9}[-－][0-9０-９]|/issues/[0-9]|[Ａ-Ｚ]")
MOST_UNKNOWN = 20
# Keys of issues by the hash or number of what named them.
Former = Mapping[str, Sequence[str]]
# The words that name issues, and those of them that are said to be fixed.
Said = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Naming:
    """A commit or merge request with the ids of the issues that it names, and of those that it says it fixes."""

    written: Written
    names: Sequence[int]
    closing: Sequence[int]


@dataclass(frozen=True, slots=True)
class Named:
    """All that is named: the issues by id, their projects by key, and the words that lead nowhere."""

    each: Sequence[Naming] = ()
    meant: Mapping[int, Meant] = field(default_factory=dict)
    homes: Mapping[str, ProjectRow] = field(default_factory=dict)
    unknown: Sequence[str] = ()

    def home(self, issue_id: int) -> ProjectRow:
        """The project that an issue was found in."""
        return self.homes[self.meant[issue_id].key]


def named(written: Sequence[Written], former: Former, project: ProjectRow, by: Viewer) -> Named:
    """What some commits and merge requests name; `former` are the keys that each named when it was told before.

    It parses Markdown, and so belongs before the transaction. A number without a key is one of the host's own.
    """
    said = {one: _said(one, former.get(one.ref, ())) for one in written}
    words = list(dict.fromkeys(word for names, _ in said.values() for word in names))
    return _found(said, words, project, by) if words else Named()


def _found(said: Mapping[Written, Said], words: Sequence[str], project: ProjectRow, by: Viewer) -> Named:
    """What these words mean, as far as `by` may say something there."""
    known = references.issues_by_name(words, project, by)
    homes = _homes(known.values(), by)
    found = {word: one for word, one in known.items() if one.key in homes}
    each = [_naming(one, names, closing, found) for one, (names, closing) in said.items()]
    unknown = [word for word in words if word not in found][:MOST_UNKNOWN]
    return Named([one for one in each if one.names], {one.id: one for one in found.values()}, homes, unknown)


def _homes(issues: Collection[Meant], by: Viewer) -> dict[str, ProjectRow]:
    """The projects of these issues that `by` may say something in, by their keys."""
    keys = sorted({one.key for one in issues})
    return {key: home for key in keys if (home := _reached(key, by)) is not None}


def _naming(written: Written, names: Sequence[str], closing: Sequence[str], found: Mapping[str, Meant]) -> Naming:
    known, fixed = (list(dict.fromkeys(found[one].id for one in those if one in found)) for those in (names, closing))
    return Naming(written, known, fixed if written.closes else [])


def _said(written: Written, former: Sequence[str]) -> Said:
    if not _MAY_NAME.search(written.text):
        return former, ()
    found = find(written.text)
    names, closing = ([one for one in those if one[0] not in "#@"] for those in (found.names, found.closing))
    return list(dict.fromkeys([*names, *former])), closing


def _reached(key: str, by: Viewer) -> ProjectRow | None:
    """A project, if `by` may say something there."""
    try:
        project = projects.get(key, by)
    except CairnError:
        return None
    return project if can(by, Do.COMMENT, project) else None
