"""What a search found, as a page shows it: what is told of an issue whatever was looked for is drawn once."""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache

from markupsafe import Markup

from webapp.http.drawing import draw
from webapp.http.environment import escaped
from webapp.http.times import look, on_at, zone_name
from webapp.i18n import language
from webapp.issues.rows import IssueRow, LabelRow
from webapp.search.marking import Piece
from webapp.search.service import Hit

HITS = 1_000  # are remembered in each process, about a kilobyte each
Shown = tuple[IssueRow, Sequence[LabelRow], str]
# Where the title, what stands around the words, and why it was found come in: no text of the database has it.
_GAP = "\0"


def hits() -> Callable[[Sequence[Hit]], Markup]:
    """The list of hits: each title and snippet, with the words marked, in what is the same for all searches.

    That depends on the issue, which of its labels are shown, how long ago it was opened, and the reader's time zone.
    """
    drawn: dict[Hashable, tuple[Shown, tuple[str, str, str, str]]] = {}

    @lru_cache(maxsize=500)
    def why(comment: str, labels: tuple[str, ...], is_by_title: bool) -> str:
        return draw("search/_why.html", comment=comment, labels=labels, is_by_title=is_by_title).strip("\n")

    def around(issue: IssueRow, labels: Sequence[LabelRow], when: str, hit: Hit) -> tuple[str, str, str, str]:
        gaps = dict.fromkeys(("title", "snippet", "why"), _GAP)
        html = draw("search/_hit.html", issue=issue, labels=labels, when=when, assigned=hit.assigned, **gaps)
        before, between, after, end = f"{html}\n".split(_GAP)
        return before, between, after, end

    def hits(found: Sequence[Hit]) -> Markup:
        here, zone, spoken = look(), zone_name(), language()
        each: list[str] = []
        for hit in found:
            issue = hit.issue
            shown = issue, hit.labels, on_at(here.now, issue.created_at, here.zone, spoken)
            # Compared, not looked up, as rows are.
            known = drawn.get((issue.id, zone))
            if known is None or known[0] != shown:
                if len(drawn) >= HITS:
                    drawn.clear()
                known = drawn[issue.id, zone] = shown, around(*shown, hit)
            before, between, after, end = known[1]
            said = f"<p>{_marked(hit.snippet)}</p>" if hit.snippet else ""
            each += before, _marked(hit.title), between, said, after, why(*_found(hit)), end
        return Markup("".join(each))  # noqa: S704 - what was drawn, and pieces that are escaped

    return hits


def _found(hit: Hit) -> tuple[str, tuple[str, ...], bool]:
    """The address of the comment that has the words, the labels that have them, or whether the title alone has."""
    at = f"/projects/{hit.issue.project_key}/issues/{hit.issue.number}#c{hit.comment}" if hit.comment else ""
    return at, tuple(hit.by), not hit.by and hit.found_in == ["title"]


def _marked(pieces: Sequence[Piece]) -> str:
    """A text with what was looked for marked."""
    each = [f"<mark>{escaped(one.text)}</mark>" if one.marked else escaped(one.text) for one in pieces]
    return f"<bdi>{''.join(each)}</bdi>"
