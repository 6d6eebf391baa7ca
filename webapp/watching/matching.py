"""Whoever watches a view hears when an issue begins to match it, by a change of that issue.

The issues that match are noted when somebody begins to watch, and with each change of an issue that is heard: time
alone, or another name of a label, is no change of an issue. A query that finds the same for everybody is asked once
for all who watch the view, any other once for each of them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.errors import Conflict
from webapp.i18n import _
from webapp.i18n.formats import count
from webapp.lists import finding
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.views import service as views
from webapp.watching import matches, repository
from webapp.watching.matches import Match, Watch
from webapp.watching.rows import ViewBell

# The issues that views find, by the view and who it is asked for; 0 is everybody.
Asked = dict[tuple[int, int], list[int]]
# Of a view that finds more nobody wants to hear, and all of them would have to be noted.
MOST = 5_000


def of_view(project: ProjectRow, view_id: int, by: Viewer) -> ViewBell:
    """Whether somebody watches a view."""
    view = views.get(project, view_id, by)
    return ViewBell(matches.is_watched(view.id, by.id))


@transaction
def watch(project: ProjectRow, view_id: int, by: Viewer) -> ViewBell:
    """Hear when an issue begins to match a view. Raises Conflict for one that finds too many."""
    require(by, Do.SEE, project)
    view = views.get(project, view_id, by)
    found = finding.found_by(view.query, project, by, MOST + 1)
    if len(found) > MOST:
        said = _(
            "The view %(name)s finds more than %(most)s issues. Watch one that finds fewer.",
            name=view.name, most=count(MOST),
        )  # fmt: skip
        raise Conflict(said)
    matches.begin(view.id, by.id, found)
    repository.count_choice(project.id, by.id)
    return ViewBell(watched=True)


@transaction
def leave(project: ProjectRow, view_id: int, by: Viewer) -> ViewBell:
    """Hear no more of a view."""
    require(by, Do.SEE, project)
    view = views.get(project, view_id, by)
    matches.end(view.id, by.id)
    repository.count_choice(project.id, by.id)
    return ViewBell(watched=False)


@transaction
def begun(issues: Mapping[int, Sequence[int]]) -> Mapping[int, set[int]]:
    """Whose views these issues, given by their projects, began to match: people by the issue.

    In the transaction that tells them.
    """
    watches = matches.watches(issues)
    before = matches.known(sorted(id for those in issues.values() for id in those))
    if not watches and not before:
        return {}
    now: set[Match] = set()
    for project_id, those in issues.items():
        now |= _matching(project_id, those, [one for one in watches if one.project_id == project_id])
    matches.note(before - now, now - before)
    return _people(now - before, [one for one in watches if not one.is_stale])


@transaction
def age(project_id: int) -> None:
    """After an import, of which nobody hears: let what matches be noted anew."""
    matches.age(project_id)


def _people(new: Collection[Match], watches: Collection[Watch]) -> Mapping[int, set[int]]:
    """Whose views of these began to match, by the issue."""
    known = {(one.view_id, one.by.id) for one in watches}
    found: dict[int, set[int]] = {}
    for view_id, user_id, issue_id in new:
        if (view_id, user_id) in known:
            found.setdefault(issue_id, set()).add(user_id)
    return found


def _matching(project_id: int, ids: Sequence[int], watches: Sequence[Watch]) -> set[Match]:
    """Which watched views of a project these issues match now."""
    project = projects.known(project_id) if watches else None
    if project is None:
        return set()
    queries = {view.id: view.query for view in views.as_of_today(project, {one.view_id for one in watches})}
    whole: Asked = {}
    some: Asked = {}
    found: set[Match] = set()
    for one in watches:
        ask = partial(finding.found_by, queries[one.view_id], project, one.by)
        reader = one.view_id, 0 if finding.is_for_all(queries[one.view_id]) else one.by.id
        if one.is_stale and not _begun_anew(one, _once(whole, reader, partial(ask, MOST + 1))):
            continue
        found |= {(one.view_id, one.by.id, id) for id in _once(some, reader, partial(ask, len(ids), ids))}
    return found


def _begun_anew(one: Watch, found: Sequence[int]) -> bool:
    """Note what a view finds that is another by now. One that finds too many stays as it is until it finds fewer.

    Of these nobody hears meanwhile: what is not noted would seem to begin to match with its next change.
    """
    if len(found) > MOST:
        return False
    matches.begin(one.view_id, one.by.id, found)
    return True


def _once(known: Asked, reader: tuple[int, int], ask: Callable[[], list[int]]) -> list[int]:
    if reader not in known:
        known[reader] = ask()
    return known[reader]
