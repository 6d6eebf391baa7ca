"""What is told of an issue and of projects, line by line: drawn once for the same, and what is felt about it."""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache, partial

from markupsafe import Markup, escape

from webapp import keeping
from webapp.access import Do, Viewer, can
from webapp.home.service import Deed
from webapp.http.addresses import led_by
from webapp.http.application import asked
from webapp.http.drawing import draw
from webapp.http.templating import action
from webapp.http.times import look, on_at, zone_name
from webapp.i18n import language
from webapp.issues.rows import IssueDetail
from webapp.keeping import Kind
from webapp.projects.service import ProjectRow
from webapp.reactions import service as reactions
from webapp.reactions.service import UP, Reacted
from webapp.thread.service import Entry

DEEDS = 2_000  # are remembered in each process, about a kilobyte each
_ENTRY: Kind[Markup] = Kind("entry", len, keeping.without_ages)
# What a reader may do to an entry, and is offered.
_RIGHTS = (Do.EDIT_COMMENT, Do.DELETE_COMMENT, Do.COMMENT)


def entries() -> Callable[..., list[Markup]]:
    """The lines of an issue's thread: most of them are as they were when the last one comes in.

    One depends on what it tells, where it is, the reader's time zone, the list that led there, and what they may do
    to it. One with a form is made for each answer, which has tokens of its own. Above the `new` one a line says that.
    """

    def drawn(entry: Entry, issue: IssueDetail, project: ProjectRow, reader: Viewer | None) -> Markup:
        html = draw("issues/_entry.html", entry=entry, issue=issue, project=project, viewer=reader)
        if "<form" in html:
            keeping.fleeting()
        return html

    def entries(entries: Sequence[Entry], issue: IssueDetail, project: ProjectRow, new: int | None) -> list[Markup]:
        reader, zone, leading, wanted = look().reader, zone_name(), led_by(asked()), []
        rights: dict[bool, Hashable] = {}
        for entry in entries:
            by = entry.actor.id
            own = reader is not None and by == reader.id  # nobody else's is told apart
            if own not in rights:
                rights[own] = reader is not None and tuple([can(reader, do, project, by) for do in _RIGHTS])
            mine = tuple([one.name for one in entry.felt if one.mine]) if entry.felt else ()
            at = project.key, issue.number, entry.kind, entry.id, zone, leading, mine
            draw = partial(drawn, entry, issue, project, reader)
            author_told = entry.held and reader is not None and reader.id
            wanted.append((at, (entry, rights[own], author_told), draw))
        each = keeping.each_kept(_ENTRY, wanted)
        if new is not None:
            each.insert(new, _new_here())
        return each

    return entries


def _new_here() -> Markup:
    return draw("issues/_new.html")


def deeds() -> Callable[..., list[Markup]]:
    """The lines of what was done: each depends on the deed, how long ago that was, and the reader's time zone."""
    drawn: dict[Hashable, tuple[tuple[Deed, str], Markup]] = {}

    def deeds(deeds: Sequence[Deed]) -> list[Markup]:
        here, zone, spoken, each = look(), zone_name(), language(), []
        now, within = here.now, here.zone
        for deed in deeds:
            at = deed.at
            shown = deed, on_at(now, at, within, spoken)
            # Compared, not looked up, as rows of a list are: most are the very deed that was drawn.
            place = at, deed.project_key, deed.number, deed.comment_id, zone
            known = drawn.get(place)
            if known is None or known[0] != shown:
                if len(drawn) >= DEEDS:
                    drawn.clear()
                known = drawn[place] = shown, draw("home/_deed.html", deed=deed).strip()
            each.append(known[1])
        return each

    return deeds


def reaction_bar() -> Callable[..., Markup]:
    """What is felt about an issue, or a comment on it, and for whoever may say so the buttons for it.

    Buttons and no form, as that would be another one for each answer: they send the one form of the page.
    """
    gap, more = "\0", "\1"

    @lru_cache(maxsize=1)
    def menu() -> str:
        return draw("components/_feelings.html", all=reactions.each(()), address=gap, more=more)

    @lru_cache(maxsize=1)
    def unfelt() -> Markup:
        return bar_of((Reacted(UP),), "reactions", gap, more, menu(), votes=True)

    def bar_of(felt: Sequence[Reacted], id: str, address: str, after: str, menu: str, *, votes: bool) -> Markup:
        values = {"felt": felt, "id": id, "address": address, "more": after, "menu": menu, "votes": votes}
        return draw("components/_reactions.html", **values)

    def bar(felt: Sequence[Reacted], project: ProjectRow, number: int, comment: int | None = None) -> Markup:
        reader = look().reader
        may = reader is not None and can(reader, Do.COMMENT, project)
        if not may and not felt:
            return Markup()
        address, _, rest = _to_react(project, number, comment).rpartition("/")
        after, votes = escape(rest.removeprefix("+1")), comment is None
        if may and votes and not felt:  # as most issues
            return unfelt().replace(gap, address).replace(more, after)
        if may and votes and not any(one.feeling is UP for one in felt):
            felt = (Reacted(UP), *felt)
        feelings = Markup(menu().replace(gap, address).replace(more, after)) if may else ""  # noqa: S704
        id = f"reactions-{comment}" if comment else "reactions"
        return bar_of(felt, id, address, after, feelings, votes=votes)

    return bar


def _to_react(project: ProjectRow, number: int, comment: int | None) -> str:
    """Where a thumb goes, and behind it what leads back to the list that one came from."""
    at = {"project": project.key, "number": number, "reaction": "+1"}
    if comment is None:
        return action("reactions.react", **at)
    return action("reactions.react_to_comment", comment=comment, **at)
