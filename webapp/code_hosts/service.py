"""The repositories that are connected to a project, which its owners look after, and the log of what arrives."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from webapp.access import Do, Viewer, require
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.code_hosts import arrivals, repository
from webapp.code_hosts.rows import Arrived, Host, LeftOpen, Logged, Outcome
from webapp.code_hosts.schemas import ArrivalQuery, CodeHostEdit, CodeHostIn
from webapp.db import transaction
from webapp.errors import Conflict, NotFound
from webapp.i18n import N_, _
from webapp.issues import locks
from webapp.models.code_hosts import Arrival
from webapp.paging import COUNTED, Cut, bounded, cut, place
from webapp.projects.service import ProjectRow
from webapp.webhooks import signing

MOST = 20
KEPT = timedelta(days=30)
MANY = 1_000
# What is told of an issue that stays open to those with whose rights it was not tried.
HELD = N_("Whoever connected the repository may not close it, or something of it is not finished.")


def require_manage(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` looks after what is connected to the project. Raises Forbidden."""
    require(by, Do.MANAGE_WEBHOOKS, project)


def of(project: ProjectRow, by: Viewer) -> Sequence[Host]:
    """The repositories that are connected to a project."""
    require_manage(project, by)
    return repository.of(project.id)


def get(project: ProjectRow, host_id: int, by: Viewer) -> Host:
    """One of them. Raises NotFound."""
    require_manage(project, by)
    found = repository.numbered(project.id, host_id)
    if found is None:
        raise NotFound()
    return found


@transaction
def create(project: ProjectRow, draft: CodeHostIn, by: Viewer) -> tuple[Host, str]:
    """Connect a repository, with a secret that is told only now. What it sends is done with the rights of `by`."""
    require_manage(project, by)
    locks.take_projects(project.id)
    known = repository.of(project.id)
    if again := next((one for one in known if _is_the_same(one, draft, by)), None):
        return again, signing.secret_of(again.salt)
    if len(known) >= MOST:
        raise Conflict(_("There are %(most)s repositories. Delete those that are no longer used.", most=MOST))
    salt = signing.new_salt()
    made = repository.add(
        project_id=project.id,
        connected_by=by.id,
        kind=draft.kind,
        url=draft.url,
        address=secrets.token_urlsafe(32),
        salt=salt,
    )
    found = get(project, made, by)
    _note(Kind.CODE_HOST_CREATED, found, project, by, after={"kind": found.kind, "url": found.url})
    return found, signing.secret_of(salt)


@transaction
def edit(project: ProjectRow, host_id: int, changes: CodeHostEdit, by: Viewer) -> Host:
    """Say where a repository can be looked at."""
    found = get(project, host_id, by)
    if "url" not in changes.model_fields_set or changes.url == found.url:
        return found
    repository.change(found.id, changes.url)
    _note(Kind.CODE_HOST_CHANGED, found, project, by, before={"url": found.url}, after={"url": changes.url})
    return get(project, host_id, by)


@transaction
def rotate(project: ProjectRow, host_id: int, by: Viewer) -> tuple[Host, str]:
    """Give a repository another secret, which is told only now; for a day the former one holds as well.

    What is signed with it is done with the rights of `by`: nobody gets those of whoever connected it before.
    A second time within a minute it is the same one, so that the former secret is still the one in use.
    """
    require_manage(project, by)
    locks.take_projects(project.id)
    found = get(project, host_id, by)
    if signing.is_just_rotated(found) and found.connector.id == by.id:
        return found, signing.secret_of(found.salt)
    salt = signing.new_salt()
    repository.rotate(found.id, salt, by.id, signing.OVERLAP)
    _note(Kind.CODE_HOST_ROTATED, found, project, by)
    return get(project, host_id, by), signing.secret_of(salt)


@transaction
def remove(project: ProjectRow, host_id: int, by: Viewer) -> None:
    """Disconnect a repository, and delete its log. What stands in timelines stays there."""
    found = get(project, host_id, by)
    arrivals.forget(found.id)  # before the repository, as whoever takes one takes them in this order
    repository.remove(found.id)
    _note(Kind.CODE_HOST_REMOVED, found, project, by)


def log(project: ProjectRow, host_id: int, query: ArrivalQuery, by: Viewer) -> Cut[Arrived]:
    """What arrived in the last 30 days, the newest first, and what came of it as far as `by` may know."""
    found = get(project, host_id, by)
    at = place(query.cursor, int)
    page = cut(arrivals.listed(found.id, at, query.limit + 1), query.limit, at, lambda row: (row.id,))
    told = Cut(_told(project, page.items, by), after=page.after, before=page.before)
    told.total = bounded(arrivals.count(found.id, COUNTED + 1))
    return told


@transaction
def clear() -> int:
    """Forget some of what arrived more than 30 days ago; how many."""
    return arrivals.clear(KEPT, MANY)


def _note(kind: Kind, host: Host, project: ProjectRow, by: Viewer, **told: Any) -> None:
    audit.note(kind, actor=by, target=audit.Target("code_host", host.id, host.name), project=project, **told)


def _is_the_same(one: Host, draft: CodeHostIn, by: Viewer) -> bool:
    """Whether somebody has just made this, and sent the form twice. Without its place, two may well be meant."""
    is_own = one.connector.id == by.id and signing.is_just_made(one)
    return is_own and one.url is not None and (one.kind, one.url) == (draft.kind, draft.url)


def _told(project: ProjectRow, rows: Sequence[Logged], by: Viewer) -> Sequence[Arrived]:
    outcomes = {row.id: Outcome(**row.outcome) for row in rows if row.outcome}
    keys = arrivals.keys({id for one in outcomes.values() for id in one.named}, by)
    return [_arrived(project, row, outcomes.get(row.id, Outcome()), keys, by) for row in rows]


def _arrived(project: ProjectRow, row: Logged, outcome: Outcome, keys: dict[int, str], by: Viewer) -> Arrived:
    """A row of the log. Names that lead nowhere may be secrets of other projects, and so may what holds an issue."""
    is_own = row.by_id == by.id
    prefix = "" if is_own else f"{project.key}-"
    unknown = [name for name in outcome.unknown if name.startswith(prefix)]
    left = [LeftOpen(keys[id], why if is_own else HELD) for id, why in outcome.left_open if id in keys]
    shown = row.id, row.message_id, row.event, Arrival(row.state), row.answer, row.commits, row.came_at, row.ended_at
    seen, closed = _seen(outcome.named, keys), _seen(outcome.closed, keys)
    return Arrived(*shown, seen, closed, left, unknown, len(outcome.named) - len(seen))


def _seen(ids: Sequence[int], keys: dict[int, str]) -> list[str]:
    return [keys[id] for id in ids if id in keys]
