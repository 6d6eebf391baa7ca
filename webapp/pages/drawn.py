"""Parts of pages that are rendered once for the same values: they are most of what a page costs."""

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache, partial
from operator import attrgetter
from typing import cast

from flask import Flask
from markupsafe import Markup, escape

from webapp import keeping
from webapp.access import MOST_UNREAD, Do, Viewer, can
from webapp.accounts.rows import Person
from webapp.home.service import Deed
from webapp.http import trail
from webapp.http.addresses import led_by
from webapp.http.application import asked
from webapp.http.drawing import draw
from webapp.http.environment import Environment
from webapp.http.templating import action
from webapp.http.times import ago_at, is_late, look, zone_name
from webapp.issues.fields import FIELDS
from webapp.issues.rows import IssueDetail, IssueRow, LabelRow
from webapp.keeping import Kind
from webapp.lists.page import Filters
from webapp.lists.service import Choices
from webapp.projects.service import ProjectRow
from webapp.reactions import service as reactions
from webapp.reactions.service import UP, Reacted
from webapp.thread.service import Entry

ROWS = 5_000  # are remembered in each process, about a kilobyte each
# The times of an issue that its row tells where a list is sorted by them.
_TIMES = {"created": attrgetter("created_at"), "updated": attrgetter("updated_at")}


def init_app(app: Flask) -> None:
    """Let templates have them, those of each language its own."""
    cast(Environment, app.jinja_env).equip(_equip)


def _equip(environment: Environment) -> None:
    environment.globals.update(
        board_cards=cards(), deed_lines=deeds(), filter_fields=fields(), filter_options=options(),
        issue_fields=FIELDS, reaction_bar=reaction_bar(),
        issue_rows=rows(), site_header=header(), thread_entries=entries(), **parts(),
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
        here, zone, each = look(), zone_name(), []
        for issue in issues:
            shown = issue, ago_at(here.now, at(issue)) if at else "", is_late(issue, here.today)
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


def reaction_bar() -> Callable[..., Markup]:
    """What is felt about an issue, or a comment on it, and for whoever may say so the buttons for it.

    Buttons and no form, as that would be another one for each answer: they send the one form of the page.
    """
    gap, more = "\0", "\1"

    @lru_cache(maxsize=1)
    def menu() -> str:
        return draw("components/_feelings.html", all=reactions.each(()), address=gap, more=more)

    def bar(felt: Sequence[Reacted], project: ProjectRow, number: int, comment: int | None = None) -> Markup:
        reader = look().reader
        may = reader is not None and can(reader, Do.COMMENT, project)
        if not may and not felt:
            return Markup()
        address, _, rest = _to_react(project, number, comment).rpartition("/")
        after, votes = escape(rest.removeprefix("+1")), comment is None
        if may and votes and not any(one.feeling is UP for one in felt):
            felt = (Reacted(UP), *felt)
        feelings = Markup(menu().replace(gap, address).replace(more, after)) if may else ""  # noqa: S704
        id = f"reactions-{comment}" if comment else "reactions"
        values = {"felt": felt, "id": id, "address": address, "more": after, "menu": feelings, "votes": votes}
        return draw("components/_reactions.html", **values)

    return bar


def _to_react(project: ProjectRow, number: int, comment: int | None) -> str:
    """Where a thumb goes, and behind it what leads back to the list that one came from."""
    at = {"project": project.key, "number": number, "reaction": "+1"}
    if comment is None:
        return action("reactions.react", **at)
    return action("reactions.react_to_comment", comment=comment, **at)


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

    return {
        "when": when,
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
            shown = issue, is_late(issue, today)
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


_ENTRY: Kind[Markup] = Kind("entry", len, keeping.without_ages)
# What a reader may do to an entry, and is offered.
_RIGHTS = (Do.EDIT_COMMENT, Do.DELETE_COMMENT, Do.COMMENT)


def entries() -> Callable[..., list[Markup]]:
    """The lines of an issue's thread: most of them are as they were when the last one comes in.

    One depends on what it tells, where it is, the reader's time zone, the list that led there, and what they may do
    to it. One with a form is
    made for each answer, which has tokens of its own. Above the `new` one a line says that.
    """

    def drawn(entry: Entry, issue: IssueDetail, project: ProjectRow, reader: Viewer | None) -> Markup:
        html = draw("issues/_entry.html", entry=entry, issue=issue, project=project, viewer=reader)
        if "<form" in html:
            keeping.fleeting()
        return html

    def entries(entries: Sequence[Entry], issue: IssueDetail, project: ProjectRow, new: int | None) -> list[Markup]:
        reader, zone, leading, each = look().reader, zone_name(), led_by(asked()), []
        rights: dict[int, Hashable] = {}
        for entry in entries:
            by = entry.actor.id
            if by not in rights:
                rights[by] = reader is not None and tuple(can(reader, do, project, by) for do in _RIGHTS)
            mine = tuple(one.name for one in entry.felt if one.mine)
            at = project.key, issue.number, entry.kind, entry.id, zone, leading, mine
            draw = partial(drawn, entry, issue, project, reader)
            each.append(keeping.kept(_ENTRY, at, (entry, rights[by]), draw))
        if new is not None:
            each.insert(new, _new_here())
        return each

    return entries


def _new_here() -> Markup:
    return draw("issues/_new.html")


_DEED: Kind[Markup] = Kind("deed", len, keeping.without_ages)


def deeds() -> Callable[..., list[Markup]]:
    """The lines of what was done: each depends on the deed, how long ago that was, and the reader's time zone."""

    def drawn(deed: Deed) -> Markup:
        return draw("home/_deed.html", deed=deed).strip()

    def deeds(deeds: Sequence[Deed]) -> list[Markup]:
        now, zone, each = look().now, zone_name(), []
        for deed in deeds:
            at = deed.at, deed.project_key, deed.number, deed.kind, deed.comment_id, zone
            each.append(keeping.kept(_DEED, at, (deed, ago_at(now, deed.at)), partial(drawn, deed)))
        return each

    return deeds
