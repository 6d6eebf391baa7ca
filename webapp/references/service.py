from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp import keeping
from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.db import is_together
from webapp.keeping import Kind
from webapp.paging import Key
from webapp.projects.service import ProjectRow
from webapp.references import repository, resolving
from webapp.references.resolving import Meant
from webapp.references.written import Written, concerns, listeners
from webapp.text.markdown import Links, find, find_or_render, render, version
from webapp.text.references import address

SHOWN = 100


@dataclass(frozen=True, slots=True)
class CrossReference:
    """A text that names an issue."""

    id: int
    actor: Person
    created_at: datetime
    key: str
    number: int
    title: str
    comment: int | None

    @property
    def issue_key(self) -> str:
        return f"{self.key}-{self.number}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text that is about to be written: what it names, what it says it fixes, and its HTML if that is made.

    That of one that names nothing is final, and stored with it. Links may be others once it is written.
    """

    text: str
    names: Sequence[str]
    closing: Sequence[str]
    html: str | None

    @property
    def final_html(self) -> str | None:
        return self.html if not self.names else None


def links_of(issue_id: int) -> Links:
    """What the text of an issue leads to."""
    return links_by_text(issue_id, [])[None]


def links_of_issues(issue_ids: Sequence[int]) -> dict[int, Links]:
    """The same for the texts of these issues, by the issue; one statement for any number."""
    links: dict[int, dict[str, tuple[str, str]]] = {id: {} for id in issue_ids}
    for row in repository.of_issues(issue_ids):
        links[row.source_issue_id][row.said] = _link(row)
    return dict(links)


def links_of_comments(comment_ids: Sequence[int]) -> dict[int | None, Links]:
    """What the texts of these comments lead to, by the comment; one statement for any number."""
    return links_by_text(None, comment_ids)


def links_by_text(issue_id: int | None, comment_ids: Sequence[int]) -> dict[int | None, Links]:
    """The same for the text of an issue, which stands under None, or else for comments."""
    links: dict[int | None, dict[str, tuple[str, str]]] = {None: {}, **{id: {} for id in comment_ids}}
    for row in repository.of_texts(issue_id, comment_ids):
        links[row.source_comment_id][row.said] = _link(row)
    return dict(links)


def prepared(text: str, project: ProjectRow, by: Viewer) -> Prepared:
    """What can be made of a new text before the change that writes it, so that nobody waits for that.

    What names something gets its links from what is stored then, once the change is over. Only an answer that
    belongs to the change itself cannot wait for that.
    """
    references, html = find_or_render(text)
    if html is None and is_together():
        html = render(text, _links_to(references.names, project, by))
    return Prepared(text, references.names, references.closing, html)


def links_for(text: str, project: ProjectRow, by: Viewer | None) -> Links:
    """What a text that is not kept yet would lead to: for a preview, or what is rendered anew each time."""
    return _links_to(find(text).names, project, by)


def told(text: str, project: ProjectRow, by: Viewer | None) -> str:
    """The HTML of a text that has none beside it, as a project's: kept where it names nothing, the same for all."""
    _, names, html = keeping.kept(_READ, hash(text), (text, version()), lambda: _read(text))
    return render(text, _links_to(names, project, by)) if html is None else html


def _read(text: str) -> tuple[str, Sequence[str], str | None]:
    references, html = find_or_render(text)
    return text, references.names, html


_READ: Kind[tuple[str, Sequence[str], str | None]] = Kind("text", lambda one: len(one[0]) + len(one[2] or ""), repr)


def _links_to(names: Sequence[str], project: ProjectRow, by: Viewer | None) -> Links:
    if names:
        keeping.fleeting()  # it may be of any project
    keys = _issues(names, project)
    targets = resolving.named(list({key[:2] for key in keys.values()}), by)
    links = {one: _address(*targets[key[:2]][1:], key[2]) for one, key in keys.items() if key[:2] in targets}
    return links | {one: (f"/users/{id}", "") for one, id in _people(names, project).items()}


def issues_meant(names: Sequence[str], project: ProjectRow, by: Viewer) -> list[Meant]:
    """The issues that some of these words name, each once, as far as `by` sees them."""
    return list(dict.fromkeys(issues_by_name(names, project, by).values()))


def issues_by_name(names: Sequence[str], project: ProjectRow, by: Viewer) -> dict[str, Meant]:
    """The same, each by the word that names it."""
    keys = {one: key[:2] for one, key in _issues(names, project).items()}
    found = resolving.named(list(dict.fromkeys(keys.values())), by)
    return {one: found[key] for one, key in keys.items() if key in found}


def mentioned_in(issue_id: int, by: Viewer | None) -> list[CrossReference]:
    """The last texts that name an issue, as far as `by` may see them, oldest first."""
    return [_cross_reference(row) for row in repository.mentioned_in(issue_id, by, SHOWN)]


def after(issue_id: int, by: Viewer | None, beyond: Key | None, limit: int) -> list[CrossReference]:
    """Those of all such texts that follow a time and an id, oldest first."""
    return [_cross_reference(row) for row in repository.naming(issue_id, by, beyond, limit)]


def count(issue_id: int, by: Viewer | None, limit: int) -> int:
    """How many such texts there are, counted up to the limit."""
    return repository.count_naming(issue_id, by, limit)


def keep(written: Written) -> None:
    """Keep what a text names, as far as its author may see that; what it no longer names is forgotten."""
    if written.is_new and not written.names:
        return
    keys = _issues(written.names, written.project)
    targets = resolving.named(list({key[:2] for key in keys.values()}), written.by)
    references = [
        {
            "source_issue_id": written.issue_id,
            "source_comment_id": written.comment_id,
            "said": one,
            "target_issue_id": targets[key[:2]].id,
            "target_comment": key[2],
            "actor_id": written.by.id,
        }
        for one, key in keys.items()
        if key[:2] in targets
    ]
    mentions = [
        {
            "issue_id": written.issue_id,
            "comment_id": written.comment_id,
            "said": one,
            "user_id": id,
            "actor_id": written.by.id,
        }
        for one, id in _people(written.names, written.project).items()
    ]
    if written.is_new:
        repository.add(references, mentions)
    else:
        repository.replace(written.issue_id, written.comment_id, references, mentions)


def _cross_reference(row: Any) -> CrossReference:
    person = Person(row.actor_id, row.actor_name, row.avatar)
    return CrossReference(row.id, person, row.created_at, row.key, row.number, row.title, row.comment)


def _issues(names: Sequence[str], project: ProjectRow) -> dict[str, tuple[str, int, int | None]]:
    """(key, number, comment) of each word that names an issue."""
    keys: dict[str, tuple[str, int, int | None]] = {}
    for one in names:
        if one.startswith("#"):
            keys[one] = project.key, int(one[1:]), None
        elif (parts := address(one)) is not None:
            keys[one] = parts
        elif not one.startswith(("@", "http")):
            key, _, number = one.rpartition("-")
            keys[one] = key, int(number), None
    return keys


def people_meant(names: Sequence[str], project: ProjectRow) -> list[int]:
    """The people that some of these words name, each once, as far as they can see the project."""
    return list(dict.fromkeys(_people(names, project).values()))


def _people(names: Sequence[str], project: ProjectRow) -> dict[str, int]:
    """The person that each word names, if they can see the project."""
    handles = {one: one[1:].lower() for one in names if one.startswith("@")}
    ids = repository.people(list(set(handles.values())), project)
    return {one: ids[handle] for one, handle in handles.items() if handle in ids}


def _link(row: Any) -> tuple[str, str]:
    return (f"/users/{row.person}", "") if row.person else _address(row.key, row.number, row.target_comment)


def _address(key: str, number: int, comment: int | None) -> tuple[str, str]:
    """Where it leads, and what stands there instead of a bare address."""
    anchor, told = (f"#c{comment}", " (comment)") if comment else ("", "")
    return f"/projects/{key}/issues/{number}{anchor}", f"{key}-{number}{told}"


listeners.append(keep)
concerns.append(lambda _text, names: bool(names))
