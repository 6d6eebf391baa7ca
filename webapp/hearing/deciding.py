"""Who hears of what, and why: the rules of watching, asked of what is known.

- What somebody chose for an issue goes before what they chose for its project.
- Whoever takes part in an issue hears of what is said and of what becomes of it; who wants everything, of all.
- To be assigned, or named by a text, is heard by whoever wanted nothing of the issue, too. Who wanted nothing of a
  project hears nothing of it, also of no view.
- Somebody is told of an event once, for the strongest reason.
"""

from collections.abc import Collection, Iterator

from webapp.events.kinds import Assigned, Commented, CommentEdited, Described, News, Opened
from webapp.hearing.rows import Heard, HeardEvent, Levels, Subject
from webapp.models.inbox import STRENGTH, Reason
from webapp.models.watching import DEFAULT, Level
from webapp.watching.rows import part

# Heard by whoever wants nothing of an issue, too.
_MEANT = (News.ASSIGNED, News.MENTIONED)
# Texts that may name somebody who was not named before.
TEXTS = (Opened, Described, Commented, CommentEdited)
Why = tuple[Reason, News]
# Who has nothing to do with an issue: as many as want everything of a project hear of it alike.
_NOBODY = 0


def heard(subject: Subject, levels: Levels, own: Collection[int]) -> list[Heard]:
    """Who hears of what happened to an issue, by what they chose for its project.

    `own` hear of what they do themselves, too.
    """
    near, far = _near(subject), {person for person, level in levels.items() if level in (Level.ALL, Level.NEW)}
    found = []
    for event in subject.events:
        alike = {level: _strongest(subject, event, _NOBODY, {_NOBODY: level}) for level in (Level.ALL, Level.NEW)}
        for person in sorted(near | far):
            if person == event.actor_id and person not in own:
                continue
            why = _strongest(subject, event, person, levels) if person in near else alike[levels[person]]
            if why is not None:
                found.append(Heard(person, event, *why))
    return found


def is_silent(chosen: Level | None, project: Level | None, *, is_meant: bool) -> bool:
    """Whether somebody wants not to hear of something: what they chose for the issue, and else for its project.

    `is_meant`: that the issue becomes theirs, or a text names them.
    """
    if chosen is None:
        return project is Level.NOTHING
    return chosen is Level.NOTHING and not is_meant


def _near(subject: Subject) -> set[int]:
    """Whoever has to do with the issue itself; all others hear of it by what they chose for its project alone."""
    named = {mention.user_id for mention in subject.mentions}
    assigned = {person for event in subject.events for person in _assigned(event, subject)}
    taking_part = {subject.author_id, *subject.assignees, *subject.commenters}
    return named | assigned | taking_part | set(subject.levels) | subject.found_by


def as_watched(news: News, *, is_chosen: bool) -> News:
    """As what somebody hears of an issue who takes no part in it: of one that they did not choose, as any change."""
    return news if is_chosen or news is News.NEW_ISSUE else News.CHANGED


def _strongest(subject: Subject, event: HeardEvent, person: int, levels: Levels) -> Why | None:
    """The strongest reason for which somebody hears of an event; None for who does not."""
    return min(_wanted(subject, event, person, levels), key=lambda why: STRENGTH[why[0]], default=None)


def _wanted(subject: Subject, event: HeardEvent, person: int, levels: Levels) -> list[Why]:
    """The reasons for which somebody hears of an event, but for those of which they want to hear nothing."""
    chosen, project = subject.levels.get(person), levels.get(person)
    return [
        (reason, news)
        for reason, news in _reasons(subject, event, person, levels)
        if not is_silent(chosen, project, is_meant=news in _MEANT)
    ]


def _reasons(subject: Subject, event: HeardEvent, person: int, levels: Levels) -> Iterator[Why]:
    """All reasons for which somebody could hear of an event."""
    yield from _direct(subject, event, person)
    if person in subject.found_by and event is subject.events[-1]:
        yield Reason.QUERY, News.QUERY
    news = event.happened.heard
    if news is not None:
        chosen = subject.levels.get(person)
        level = chosen or levels.get(person, DEFAULT)
        yield from _watching(subject, event, person, level, news, is_chosen=chosen is not None)


def _direct(subject: Subject, event: HeardEvent, person: int) -> Iterator[Why]:
    """Somebody is meant by the event itself."""
    if person in _assigned(event, subject):
        yield Reason.ASSIGNED, News.ASSIGNED
    if isinstance(event.happened, TEXTS):
        place = person, event.comment, event.created_at
        if any((one.user_id, one.comment_id, one.at) == place for one in subject.mentions):
            yield Reason.MENTIONED, News.MENTIONED


def _watching(
    subject: Subject, event: HeardEvent, person: int, level: Level, news: News, *, is_chosen: bool
) -> Iterator[Why]:
    """Somebody takes part in the issue, or watches it or its project."""
    taken = _part(subject, person)
    if taken is not None and (news is not News.CHANGED or level is Level.ALL):
        yield taken, news
    if level is Level.ALL:
        yield Reason.WATCHING, as_watched(news, is_chosen=is_chosen)
    if level is Level.NEW and isinstance(event.happened, Opened):
        yield Reason.NEW_ISSUE, News.NEW_ISSUE


def _part(subject: Subject, person: int) -> Reason | None:
    """As what somebody takes part in an issue."""
    return part(
        is_assigned=person in subject.assignees,
        is_named=any(one.user_id == person for one in subject.mentions),
        is_author=person == subject.author_id,
        has_commented=person in subject.commenters,
    )


def _assigned(event: HeardEvent, subject: Subject) -> Collection[int]:
    """Whose the issue is, or is no longer, by this event."""
    if isinstance(event.happened, Assigned):
        return [id for id in (*event.happened.added_ids, *event.happened.removed_ids) if id is not None]
    return subject.assignees if isinstance(event.happened, Opened) else ()
