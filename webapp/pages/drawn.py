"""Parts of pages that are rendered once for the same values: they are most of what a page costs."""

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from operator import attrgetter
from typing import cast

from flask import Flask
from markupsafe import Markup

from webapp import keeping
from webapp.access import MOST_UNREAD, Do, Viewer, can
from webapp.accounts.rows import Person
from webapp.http import trail
from webapp.http.drawing import draw
from webapp.http.environment import Environment
from webapp.http.times import ago_at, is_late, look, on_at, zone_name
from webapp.i18n import language
from webapp.issues.fields import FIELDS
from webapp.issues.rows import IssueRow, LabelRow
from webapp.keeping import Kind
from webapp.lists.page import Filters
from webapp.lists.service import Choices
from webapp.pages import hits, told
from webapp.projects.service import ProjectRow

ROWS = 5_000  # are remembered in each process, about a kilobyte each
# The times of an issue that its row tells where a list is sorted by them.
_TIMES = {"created": attrgetter("created_at"), "updated": attrgetter("updated_at")}


def init_app(app: Flask) -> None:
    """Let templates have them, those of each language its own."""
    cast(Environment, app.jinja_env).equip(_equip)


def _equip(environment: Environment) -> None:
    environment.globals.update(
        board_cards=cards(), deed_lines=told.deeds(), filter_fields=fields(), filter_options=options(),
        issue_fields=FIELDS, reaction_bar=told.reaction_bar(),
        issue_rows=rows(), project_head=project_head(), search_hits=hits.hits(), site_header=header(),
        thread_entries=told.entries(),
        **parts(),
    )  # fmt: skip
    environment.filters.update(marks())


def rows() -> Callable[..., Markup]:
    """The rows of a list.

    A row depends on nothing but the issue, when that was of its times by which the list is sorted, whether it is
    overdue, the reader's time zone, whether it can be ticked, and whether it is one of a project's list: there it can
    be led back to, and the list's query, which all rows share, is put into their addresses.
    """
    drawn: dict[Hashable, tuple[tuple[IssueRow, str, bool], Markup]] = {}

    def row(issue: IssueRow, when: str, late: bool, pick: bool, gap: str, by: str) -> Markup:
        return draw("issues/_row.html", issue=issue, when=when, late=late, pick=pick, gap=gap, by=by)

    def rows(
        issues: Sequence[IssueRow], pick: bool = False, query: str | None = None, sort: str = "created-desc"
    ) -> Markup:
        gap, by = "" if query is None else "\1", sort.partition("-")[0]
        at = _TIMES.get(by)
        here, zone, spoken, each = look(), zone_name(), language(), []
        now, within, today = here.now, here.zone, here.today
        for issue in issues:
            late = issue.due_on is not None and is_late(issue, today)
            shown = issue, on_at(now, at(issue), within, spoken) if at else "", late
            # Compared, not looked up: to hash an issue costs more than to find out that it is the same.
            known = drawn.get((issue.id, zone, pick, gap, by))
            if known is None or known[0] != shown:
                if len(drawn) >= ROWS:
                    drawn.clear()
                known = drawn[issue.id, zone, pick, gap, by] = shown, row(*shown, pick, gap, by)
            each.append(known[1])
        said = f"?q={trail.said(query)}" if query and query != "is:open" else ""
        return Markup("".join(each).replace("\1", said))  # noqa: S704  # its own `join` would look at them once more

    return rows


def parts() -> dict[str, Callable[..., Markup]]:
    """What stands a dozen times on each page: icons, labels with the mark of their colour, who sees a project."""

    @lru_cache(maxsize=500)
    def icon(name: str, says: str = "") -> Markup:
        return draw("components/_icon.html", name=name, says=says).strip()

    @lru_cache(maxsize=2_000)
    def pill(name: str, color: str, description: str, address: str) -> Markup:
        label = LabelRow(0, name, color, description)
        return draw("components/_label.html", label=label, address=address).strip()

    def label_pill(label: LabelRow, address: str = "") -> Markup:
        return pill(label.name, label.color, label.description, address)

    @lru_cache(maxsize=10)
    def visibility(value: str) -> Markup:
        return draw("components/_visibility.html", value=value).strip()

    return {"icon": icon, "label_pill": label_pill, "visibility": visibility}


def header() -> Callable[..., Markup]:
    """The top of each page, the same for a reader in a project but for the form that logs out, with its tokens.

    While as much waits for them unread.
    """
    gap = "\0"

    @lru_cache(maxsize=500)
    def around(
        person: tuple[str, str, bool] | None, unread: int, key: str, opens: bool, registration_open: bool
    ) -> tuple[Markup, ...]:
        viewer: dict[str, object] | None = None
        if person:
            name, email, is_admin = person
            viewer = {"name": name, "email": email, "is_admin": is_admin}
            viewer |= {"unread": unread, "many": unread >= MOST_UNREAD}
        values = {"viewer": viewer, "key": key, "opens": opens, "registration_open": registration_open}
        return tuple(draw("layouts/_header.html", **values, log_out=gap).split(gap))

    def header(project: ProjectRow | None, registration_open: bool, log_out: Markup) -> Markup:
        reader = look().reader
        person = (reader.name, reader.email, reader.is_admin) if reader else None
        opens = can(reader, Do.OPEN_ISSUE, project) if project else reader is not None
        unread = len(reader.unread) if reader else 0
        parts = around(person, unread, project.key if project else "", opens, registration_open)
        return log_out.join(parts)

    return header


def project_head() -> Callable[..., tuple[Markup, ...]]:
    """What stands above a project's pages, the same for all who may edit it: before its last crumb, and behind."""
    gap = "\0"

    @lru_cache(maxsize=500)
    def around(here: str, may_edit: bool, *shown: tuple[str, str | int]) -> tuple[Markup, ...]:
        values = {"project": dict(shown), "here": here, "may_edit": may_edit, "crumb": gap}
        return tuple(draw("layouts/_project.html", **values).split(gap))

    def head(project: ProjectRow, here: str) -> tuple[Markup, ...]:
        shown = ("key", project.key), ("name", project.name), ("visibility", project.visibility)
        may_edit = can(look().reader, Do.EDIT_PROJECT, project)
        return around(here, may_edit, *shown, ("open_issues", project.open_issues))

    return head


def marks() -> dict[str, Callable[..., Markup]]:
    """Filters for what stands beside each line of a thread: when something was, and who did it.

    Filters, as a macro costs ten times what it says.
    """

    @lru_cache(maxsize=5_000)
    def moment(at: datetime, zone: tzinfo, ago: str) -> Markup:
        return draw("components/_when.html", at=at, ago=ago).strip()

    @lru_cache(maxsize=2_000)
    def person(template: str, id: int, name: str, avatar: str | None = None) -> Markup:
        return draw(template, person=Person(id, name, avatar)).strip()

    def when(at: datetime) -> Markup:
        here = look()
        return moment(at, here.zone, ago_at(here.now, at))

    def on(at: datetime) -> Markup:
        here = look()
        return moment(at, here.zone, on_at(here.now, at, here.zone, language()))

    return {
        "when": when,
        "on": on,
        "named": lambda one: person("components/_named.html", one.id, one.name, one.avatar),
        "initialled": lambda one: person("components/_initials.html", one.id, one.name),
        "known": lambda one: person("components/_known.html", one.id, one.name),
    }


def cards() -> Callable[..., Markup]:
    """The cards of a column. A card also depends on the column, where it may stand in several."""
    drawn: dict[Hashable, tuple[tuple[IssueRow, bool], Markup]] = {}

    def cards(issues: Sequence[IssueRow], column: str, pick: bool) -> Markup:
        today, each = look().today, []
        for issue in issues:
            shown = issue, issue.due_on is not None and is_late(issue, today)
            # Compared, not looked up, as rows are.
            known = drawn.get((issue.id, column, pick))
            if known is None or known[0] != shown:
                if len(drawn) >= ROWS:
                    drawn.clear()
                html = draw("board/_card.html", issue=issue, late=shown[1], column=column, pick=pick)
                known = drawn[issue.id, column, pick] = shown, html
            each.append(known[1])
        return Markup("".join(each))  # noqa: S704  # which its own `join` would look at once more

    return cards


_FIELDS: Kind[Markup] = Kind("fields", len, str)


def fields() -> Callable[..., Markup]:
    """The fields of a list's filter form: what they offer, and what is chosen of it."""

    def fields(
        filters: Filters, choices: Choices, few: int, viewer: Viewer | None, project: ProjectRow | None = None
    ) -> Markup:
        at = project and project.key, viewer is None, filters.sort, *filters.chosen.values()
        values = {"filters": filters, "choices": choices, "few": few, "viewer": viewer, "project": project}
        return keeping.kept(_FIELDS, at, (choices, few), lambda: draw("issues/_filter_fields.html", **values))

    return fields


def options() -> Callable[..., Markup]:
    """What a filter offers: people and labels are many, and seldom change."""

    @lru_cache(maxsize=500)
    def render(options: tuple[tuple[str, str], ...], chosen: str) -> Markup:
        return draw("issues/_filter_options.html", options=options, chosen=chosen)

    return lambda options, chosen: render(tuple(options), chosen)
