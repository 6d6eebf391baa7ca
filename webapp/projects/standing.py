"""Whether what a change rests on still holds: the one place where rights are asked again, under a lock.

A sign-in that has ended, a right that was taken away, a project that was archived or deleted while the change
waited for its rows: all of them refuse it, and nothing of it stays. From here on until the commit nobody can
take away what was asked for.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from webapp import claims
from webapp.access import InProject, Viewer, check, check_administrator
from webapp.claims import Claim
from webapp.db import AnyRow, before_commit
from webapp.errors import Deactivated, NotFound, SignInNeeded
from webapp.faults import DBAPIError, state
from webapp.projects import holding
from webapp.projects.holding import NOT_AS_SEEN, Held
from webapp.projects.rows import ProjectRow
from webapp.single import alone, is_alone


def confirm() -> dict[int, ProjectRow]:
    """Go on only if all that was asked for in this transaction still holds; returns the projects as they are now.

    Each is asked for once, so a change that takes away what it rests on itself calls this first. Raises
    SignInNeeded, NotFound or Forbidden, in this order.
    """
    found = _confirmed({})
    return {id: project for id, project in found.items() if isinstance(project, ProjectRow)}


def confirm_by(by: Viewer, row: AnyRow | None) -> AnyRow:
    """The same where a statement has asked for `by` on its way, by `asking`; this is its row, which comes back."""
    if row is None:
        raise NotFound()
    held = holding.asked(row)
    _confirmed({(by, held.project.id): held} if held.project else {})
    return row


def written_by(by: Viewer, project: ProjectRow, write: Callable[..., AnyRow | None], more: Iterable[Any]) -> AnyRow:
    """What a statement gives that asks for `by` on its way: committed at once, as below, or confirmed."""
    return alone_by(by, project, write, more) or confirm_by(by, write())


def alone_by(
    by: Viewer, project: ProjectRow, write: Callable[[Mapping[str, Any]], AnyRow | None], more: Iterable[Any]
) -> AnyRow | None:
    """The row of a statement that asks for `by` on its way, by `asking` with `as_seen`, and is all of a transaction
    unless there is anything of `more`.

    PostgreSQL itself looks there whether all that rights depend on is as it was when they were asked for, and undoes
    the statement if it is not: so it may be committed at once. None where that cannot be, or nothing came of it: then
    nothing has happened, and the ordinary way tells why.
    """
    seen, pending = holding.seen(by, project), claims.pending()
    if seen is None or any(more) or not is_alone() or not all(_rests_on(one, by, project) for one in pending):
        return None
    try:
        row = alone(lambda: write(seen))
    except DBAPIError as error:
        if state(error) != NOT_AS_SEEN:
            raise
        return None
    if row is not None:
        claims.settle(pending)
    return row


def _rests_on(claim: Claim, by: Viewer, project: ProjectRow) -> bool:
    return claim.by == by and not claim.as_admin and claim.project_id in (None, project.id)


def _confirmed(known: Mapping[tuple[Viewer, int], Held]) -> dict[int, InProject]:
    seen: dict[int, InProject] = {}
    pending = claims.pending()
    if not pending:
        return seen
    for (by, project_id), asked in sorted(_by_project(pending).items(), key=lambda one: one[0][1]):
        held = known.get((by, project_id))
        if held is None:
            held = holding.held(project_id, by) if project_id else holding.person_held(by)
        now = _still_there(by, held)
        _still_administrator(now, asked)
        if project_id:
            seen[project_id] = _still_allowed(now, held.project if held else None, asked)
    claims.settle(pending)
    return seen


before_commit.append(confirm)


def _by_project(asked: Iterable[Claim]) -> dict[tuple[Viewer, int], list[Claim]]:
    """What is asked for, by whom it is and where. Nowhere is 0.

    That somebody is who they were is left out there for whoever acts somewhere as well: it is asked with that.
    """
    claims: dict[tuple[Viewer, int], list[Claim]] = {}
    for one in asked:
        claims.setdefault((one.by, one.project_id or 0), []).append(one)
    elsewhere = {by for by, project_id in claims if project_id}
    return {
        (by, project_id): those
        for (by, project_id), those in claims.items()
        if project_id or by not in elsewhere or any(one.as_admin for one in those)
    }


def _still_there(by: Viewer, held: Held | None) -> Viewer:
    """The person as they are now. Who acts through no sign-in, as the command line does for an owner, needs none."""
    if held is None:
        raise NotFound()
    if by.sid is not None:
        if not held.is_active:
            raise Deactivated()
        if not held.stands or held.epoch != by.epoch:
            raise SignInNeeded()
    return by.standing(is_admin=held.is_admin)


def _still_administrator(by: Viewer, asked: Iterable[Claim]) -> None:
    for one in asked:
        if one.as_admin:
            check_administrator(by, one.refusal)


def _still_allowed(by: Viewer, project: InProject | None, asked: Iterable[Claim]) -> InProject:
    if project is None:
        raise NotFound()
    for one in asked:
        if one.do is not None:
            check(by, one.do, project, one.author_id, refusal=one.refusal)
    return project
