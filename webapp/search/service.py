"""Issues by their words, the best first, in all projects that somebody sees or in one of them."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from webapp.access import Do, Viewer, require
from webapp.documents.asking import asked
from webapp.errors import Invalid, NotFound, SignInNeeded
from webapp.i18n import formats
from webapp.issues import service as issues
from webapp.issues.rows import IssueDetail, IssueRow, LabelRow
from webapp.lists import service as lists
from webapp.lists.seeking import Sought
from webapp.lists.vocabulary import FIELDS
from webapp.paging import Cut, cursor, place
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.search import mending, repository
from webapp.search.marking import Needles, Piece, marked, snippet
from webapp.search.schemas import SearchQuery
from webapp.text.plain import bare
from webapp.text.query import Node, Term, Unreadable, Value, Words, parse, parts, together, write
from webapp.text.words import words as parts_of

# So many are ranked, and counted: the newest of those that fit. Few enough for the newest block to have them, where
# the words are common.
BOUND = 300
REFERENCE = re.compile(r"(?:#|([A-Za-z][A-Za-z0-9]{1,9})-)([1-9][0-9]{0,17})\Z")
# Of a title, its longest words are asked for, each for its newest issues.
TITLE_WORDS, EACH, SIMILAR = 8, 60, 5
# So many labels of an issue are shown with it.
LABELS = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """An issue that was found, and where: `by` are the names of those of its labels that have the words."""

    issue: IssueRow
    title: Sequence[Piece]
    snippet: Sequence[Piece]
    comment: int | None = None
    by: Sequence[str] = ()

    @property
    def found_in(self) -> list[str]:
        """Where the words are."""
        is_marked = {"title": _is_marked(self.title), "label": bool(self.by)}
        is_marked["comment" if self.comment else "text"] = _is_marked(self.snippet)
        return [place for place, has in is_marked.items() if has]

    @property
    def assigned(self) -> str:
        """The names of those who have it."""
        return formats.gap().join([person.name for person in self.issue.assignees])

    @property
    def labels(self) -> Sequence[LabelRow]:
        """A few of its labels; those that have the words first."""
        labels = self.issue.labels
        return sorted(labels, key=lambda label: label.name not in self.by)[:LABELS] if self.by else labels[:LABELS]


@dataclass(slots=True)
class Results(Cut[Hit]):
    """Some of what was found; `instead` are the words that were mended, with those that were looked for."""

    instead: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Ranking:
    """The ids of the issues from a place on, one more than the page has, and the words that they were found by."""

    words: Sequence[str] = ()
    ids: Sequence[int] = ()
    total: int = 0
    offset: int = 0
    instead: dict[str, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()


def named(text: str, project: ProjectRow | None, by: Viewer | None) -> IssueDetail | None:
    """The issue that `#12` or `KEY-12` alone stands for, or did before it moved, if `by` sees it."""
    match = REFERENCE.match(text.strip())
    if match is None:
        return None
    key, number = match.groups()
    try:
        there = projects.get(key, by) if key else project
        return issues.followed(there, int(number), by)[1] if there else None
    except (NotFound, SignInNeeded):
        return None


def only(issue: IssueDetail) -> Results:
    """An issue as the only result."""
    return Results([Hit(issue, [Piece(issue.title, marked=False)], [])], 1)


def search(query: SearchQuery, project: ProjectRow | None, by: Viewer | None) -> Results:
    """What fits the words, the best first; where nothing does, what is one slip away from them.

    The last word may be only the beginning of one. Queries like `is:open crash` are understood too.
    """
    ranking = _ranking(query, project, by)
    behind = ranking.offset + query.limit
    more = len(ranking.ids) > query.limit and behind < BOUND
    return Results(
        _hits(ranking.words, ranking.ids[: query.limit]),
        ranking.total if ranking.total <= BOUND else None,
        after=cursor((behind,)) if more else None,
        before=cursor((max(ranking.offset - query.limit, 0),)) if ranking.offset else None,
        instead=ranking.instead,
        warnings=ranking.warnings,
    )


def best(query: SearchQuery, by: Viewer | None) -> Sequence[IssueRow]:
    """The first issues that a search finds in all that `by` sees, without what it finds in them."""
    ids = _ranking(query, None, by).ids[: query.limit]
    issues = repository.issues(ids) if ids else {}
    return [issues[id] for id in ids if id in issues]


def similar(project: ProjectRow, title: str, by: Viewer | None) -> Sequence[IssueRow]:
    """The five issues of a project that are nearest to a title, open ones first. Rare words count most."""
    require(by, Do.SEE, project)
    words = sorted(dict.fromkeys(parts_of(title[:1000])), key=len, reverse=True)[:TITLE_WORDS]
    words = [word for word in words if len(word) > 1]
    if not words:
        return []
    rows = repository.having(words, project.id, EACH)
    best = _nearest(rows, len(words))[:SIMILAR]
    found = repository.texts(best) if best else {}
    return sorted((found[id][0] for id in best if id in found), key=lambda issue: not issue.is_open)


def _nearest(rows: Sequence[tuple[int, Sequence[int]]], words: int) -> list[int]:
    """Issues that have some of so many words, those with the most and the rarest ones first."""
    number = [sum(at in has for _, has in rows) for at in range(words)]
    weight = [log(1 + len(rows) / each) if each else 0.0 for each in number]
    scored = sorted(rows, key=lambda row: (sum(weight[at] for at in row[1]), row[0]), reverse=True)
    return [id for id, _ in scored]


def _ranking(query: SearchQuery, project: ProjectRow | None, by: Viewer | None) -> _Ranking:
    if project is not None:
        require(by, Do.SEE, project)
    words, wanted = _read(query, project, by)
    text = asked(words)
    if not text and wanted is None:
        return _Ranking()
    at = place(query.cursor, int)
    offset = min(max(at.key[0], 0), BOUND) if at else 0
    some = repository.Order(query.order == "newest", query.near), BOUND + 1, offset, query.limit + 1
    if wanted is not None:
        return _Ranking(words, *repository.ranked_of(text, wanted.where, *some), offset, warnings=wanted.warnings)
    seen = [project.id] if project else repository.projects_seen_by(by)
    if not seen:
        return _Ranking()
    ids, total = repository.ranked(text, seen, *some)
    if ids:
        return _Ranking(words, ids, total, offset)
    return _ranking_without_slips(words, seen, some)


def _ranking_without_slips(
    words: Sequence[str], seen: Sequence[int], some: tuple[repository.Order, int, int, int]
) -> _Ranking:
    """What is found if words that nothing has are taken for slips."""
    plain = _plain(words)
    instead = mending.instead_of(plain, seen, are_phrases=len(plain) > len(words))
    mended = [instead.get(word, word) for word in plain]
    ids, total = repository.ranked(asked(mended), seen, *some) if instead else ([], 0)
    return _Ranking(mended, ids, total, some[2], instead if ids else {})


def _read(query: SearchQuery, project: ProjectRow | None, by: Viewer | None) -> tuple[list[str], Sought | None]:
    """The words of a search, and what it asks for altogether, if it is more than words."""
    leaves = _leaves(query.q)
    if query.state != "all" and leaves:
        leaves = [*leaves, Term("is", (Value(query.state),))]
    words = [leaf.text for leaf in leaves if isinstance(leaf, Words)]
    if len(words) == len(leaves):
        return words, None
    try:
        return words, lists.sought(write(together(leaves)), project, by)
    except Invalid:
        return _typed(query.q.split()), None


def _leaves(text: str) -> Sequence[Node]:
    """What a text asks for, part by part; of one that is no query, the words."""
    try:
        leaves = parts(parse(text, FIELDS))
    except Unreadable:
        leaves = tuple(map(Words, text.split()))
    if text.rstrip().endswith('"') or not all(isinstance(leaf, Words) for leaf in leaves):
        return leaves
    return [Words(word) for word in _typed([leaf.text for leaf in leaves if isinstance(leaf, Words)])]


def _typed(words: list[str]) -> list[str]:
    """While it is typed, the last word is only a beginning."""
    return [*words[:-1], f"{words[-1].rstrip('*')}*"] if words and parts_of(words[-1]) else words


def _plain(words: Sequence[str]) -> list[str]:
    return [part for word in words for part in parts_of(word)]


def _hits(words: Sequence[str], shown: Sequence[int]) -> Sequence[Hit]:
    """Hits with the words marked, in the issue's own text or else in a comment."""
    needles = _needles(words)
    texts = repository.texts(shown) if shown else {}
    bodies = {id: bare(body) for id, (_, body) in texts.items()}
    own = {id: snippet(body, needles) for id, body in bodies.items()}
    remarks = _remarks([id for id, pieces in own.items() if not pieces], needles)
    labels = _labels([row for row, _ in texts.values()], needles)
    return [
        _hit(texts[id][0], own[id] or _beginning(bodies[id]), remarks.get(id), labels, needles)
        for id in shown if id in texts
    ]  # fmt: skip


def _labels(rows: Iterable[IssueRow], needles: Needles) -> Collection[str]:
    """Those labels of some issues that have the words: each is looked through once, however many carry it."""
    names = {label.name for row in rows for label in row.labels}
    return {name for name in names if next(needles.places(name), None)}


def _hit(
    row: IssueRow, own: Sequence[Piece], remark: tuple[int, str] | None, labels: Collection[str], needles: Needles
) -> Hit:
    """An issue with what was found in it; the words of a comment go before those of a text that has none."""
    comment, said = remark or (None, "")
    by = [label.name for label in row.labels if label.name in labels] if labels else ()
    pieces = (snippet(bare(said), needles) or own) if said else own
    return Hit(row, marked(row.title, needles), pieces, comment, by)


def _is_marked(pieces: Sequence[Piece]) -> bool:
    return True in [piece.marked for piece in pieces]


def _remarks(ids: Sequence[int], needles: Needles) -> Mapping[int, tuple[int, str]]:
    """The comments in which the words are, by issue."""
    each = [f"'{word}'" for word in needles.words] + [f"'{word}':*" for word in needles.beginnings]
    return repository.comments(ids, " | ".join(each), [*needles.words, *needles.beginnings]) if ids and each else {}


def _needles(words: Sequence[str]) -> Needles:
    whole = [part for word in words for part in (parts_of(word)[:-1] if word.endswith("*") else parts_of(word))]
    return Needles(
        frozenset(whole), tuple(parts_of(word)[-1] for word in words if word[-1:] == "*" and parts_of(word))
    )


def _beginning(body: str) -> Sequence[Piece]:
    return [Piece(body[:200], marked=False)] if body else []
