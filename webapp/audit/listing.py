"""Reading the log: administrators all of it, owners what is of their project, everybody what is of themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from webapp import zones
from webapp.access import Do, InProject, Viewer, require, require_administrator
from webapp.audit import finding
from webapp.audit.kinds import Kind
from webapp.audit.rows import Asked, AuditRow
from webapp.audit.schemas import AuditQuery, OwnQuery, ProjectAuditQuery
from webapp.audit.service import note
from webapp.i18n import _
from webapp.paging import COUNTED, Cut, Place, bounded, cut, place

# An export reads so many at a time.
PART = 1_000
# So many beside what else is told of somebody.
LATELY = 10
# No day comes after the last one there is.
_LAST = date.max - timedelta(days=1)
# What somebody sees of themselves: their logins, passwords, tokens and address.
_OWN = [kind.word for kind in Kind if kind.word.startswith(("authn_", "user_", "feed_token_"))]


def listing(query: AuditQuery, by: Viewer) -> Cut[AuditRow]:
    """All that was noted, the newest first. Raises Forbidden for who is no administrator."""
    _require(None, by)
    asked, odd = _asked(query, by)
    return _page(asked, query.cursor, query.limit, odd)


def of_project(project: InProject, query: ProjectAuditQuery, by: Viewer) -> Cut[AuditRow]:
    """What was noted of a project, without where others came from. Raises Forbidden."""
    _require(project, by)
    asked, odd = _asked(query, by, project)
    page = _page(asked, query.cursor, query.limit, odd)
    page.items = [_discreet(row, by) for row in page.items]
    return page


def own(query: OwnQuery, by: Viewer) -> Cut[AuditRow]:
    """What was done with one's own account, by whomever; where others came from is theirs."""
    page = _page(Asked(kinds=_OWN, person=by.id), query.cursor, query.limit, [])
    page.items = [_discreet(row, by) if row.actor_id else row for row in page.items]
    return page


def lately(user_id: int, by: Viewer) -> Sequence[AuditRow]:
    """What somebody did last, and what was done to them, the newest first. Raises Forbidden as the whole log does."""
    _require(None, by)
    return finding.listed(Asked(person=user_id), None, LATELY)


def export(
    project: InProject | None, query: AuditQuery | ProjectAuditQuery, by: Viewer, *, is_taken: bool
) -> Iterator[Sequence[AuditRow]]:
    """All that a query finds, some at a time; that it is taken along is noted before. Raises as the lists do."""
    _require(project, by)
    asked, _odd = _asked(query, by, project)
    if is_taken:
        said = query.model_dump(mode="json", exclude={"limit", "cursor"}, exclude_none=True)
        note(Kind.AUDIT_EXPORTED, actor=by, project=project, after={**said, "records": finding.count(asked)})
    parts = _walked(asked)
    return parts if project is None else ([_discreet(row, by) for row in rows] for rows in parts)


def _require(project: InProject | None, by: Viewer) -> None:
    if project is not None:
        require(by, Do.SEE_AUDIT, project)
    else:
        require_administrator(by, _("Only administrators see the audit log of all of Cairn."))


def _walked(asked: Asked) -> Iterator[Sequence[AuditRow]]:
    at: Place | None = None
    while True:
        rows = finding.listed(asked, at, PART)
        yield rows
        if len(rows) < PART:
            return
        at = Place((rows[-1].at, rows[-1].id))


def _page(asked: Asked, cursor: str | None, limit: int, odd: Sequence[str]) -> Cut[AuditRow]:
    at = place(cursor, datetime, int)
    page = cut(finding.listed(asked, at, limit + 1), limit, at, lambda row: (row.at, row.id))
    page.total = bounded(finding.count(asked, COUNTED + 1))
    page.warnings = odd
    return page


def _asked(
    query: AuditQuery | ProjectAuditQuery, by: Viewer, project: InProject | None = None
) -> tuple[Asked, list[str]]:
    """What a query looks for, and what of it nobody knows: nothing is found by that."""
    odd: list[str] = []
    found: dict[str, Any] = {"projects": [project.id]} if project is not None else _of_all(query)
    if query.person:
        known = finding.person(query.person, by_address=project is None)
        found["person"] = known or 0
        odd += [] if known else [_("Nobody is found by %(word)s.", word=query.person)]
    if found.get("projects") == []:
        odd.append(_("No project has the key %(key)s, nor had it.", key=getattr(query, "project", "")))
    return Asked(
        kinds=[query.kind] if query.kind else None,
        outcome=query.outcome,
        since=_midnight(query.since, by),
        until=_midnight(query.until and min(query.until, _LAST) + timedelta(days=1), by),
        **found,
    ), odd


def _of_all(query: AuditQuery | ProjectAuditQuery) -> dict[str, Any]:
    """What only the log of all can be asked for."""
    if not isinstance(query, AuditQuery):
        return {}
    found: dict[str, Any] = {"address": query.address}
    if query.project:
        found["projects"] = finding.projects(query.project.upper())
    return found


def _midnight(day: date | None, by: Viewer) -> datetime | None:
    """When a day begins where its reader is."""
    return datetime.combine(day, time(), zones.named(by.time_zone)) if day is not None else None


def _discreet(row: AuditRow, by: Viewer) -> AuditRow:
    """The record as others may see it: not by which login and from where somebody came."""
    if row.actor_id == by.id:
        return row
    return replace(row, actor_email=None, sid=None, request_id=None, address=None, agent=None)
