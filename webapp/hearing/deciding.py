"""Who hears of what, and why: the rules of watching, asked of what is known.

- What somebody chose for an issue goes before what they chose for its project.
- Whoever takes part in an issue hears of what is said and of what becomes of it; who wants everything, of all.
- To be assigned, or named by a text, is heard by whoever wanted nothing of the issue, too. Who wanted nothing of a
  project hears nothing of it.
- Somebody is told of an event once, for the strongest reason.
"""

from collections.abc import Collection, Iterator

from webapp.events.kinds import Assigned, Commented, CommentEdited, Described, News, Opened
from webapp.hearing.rows import Heard, HeardEvent, Levels, Subject
from webapp.models.inbox import Reason
from webapp.models.watching import DEFAULT, Level

_STRENGTH = {reason: strength for strength, reason in enumerate(Reason)}
# Texts that may name somebody who was not named before.
_TEXTS = (Opened, Described, Commented, CommentEdited)
Why = tuple[Reason, News]


def heard(subject: Subject, levels: Levels, own: Collection[int]) -> list[Heard]:
    """Who hears of what happened to an issue, by what they chose for its project.

    `own` hear of what they do themselves, too.
    """
    people = sorted(_people(subject, levels))
    found = []
    for event in subject.events:
        for person in people:
            if person == event.actor_id and person not in own:
                continue
            reasons = list(_reasons(subject, event, person, levels))
            if reasons:
                found.append(Heard(person, event, *min(reasons, key=lambda why: _STRENGTH[why[0]])))
    return found


def _people(subject: Subject, levels: Levels) -> set[int]:
    """Everybody who may have to do with it."""
    asked = {person for person, level in levels.items() if level in (Level.ALL, Level.NEW)}
    named = {mention.user_id for mention in subject.mentions}
    assigned = {person for event in subject.events for person in _assigned(event, subject)}
    taking_part = {subject.author_id, *subject.assignees, *subject.commenters}
    return asked | named | assigned | taking_part | set(subject.levels) | subject.found_by


def _reasons(subject: Subject, event: HeardEvent, person: int, levels: Levels) -> Iterator[Why]:
    """All reasons for which somebody hears of an event."""
    chosen, project = subject.levels.get(person), levels.get(person, DEFAULT)
    is_ignored = chosen is None and project is Level.NOTHING
    if not is_ignored:
        yield from _direct(subject, event, person)
    if chosen is Level.NOTHING:
        return
    if person in subject.found_by and event is subject.events[-1]:
        yield Reason.QUERY, News.QUERY
    news = event.happened.heard
    if news is not None and not is_ignored:
        yield from _watching(subject, event, person, chosen or project, news, is_chosen=chosen is not None)


def _direct(subject: Subject, event: HeardEvent, person: int) -> Iterator[Why]:
    """Somebody is meant by the event itself."""
    if person in _assigned(event, subject):
        yield Reason.ASSIGNED, News.ASSIGNED
    if isinstance(event.happened, _TEXTS):
        place = person, event.comment, event.created_at
        if any((one.user_id, one.comment_id, one.at) == place for one in subject.mentions):
            yield Reason.MENTIONED, News.MENTIONED


def _watching(
    subject: Subject, event: HeardEvent, person: int, level: Level, news: News, *, is_chosen: bool
) -> Iterator[Why]:
    """Somebody takes part in the issue, or watches it or its project."""
    part = _part(subject, person)
    if part is not None and (news is not News.CHANGED or level is Level.ALL):
        yield part, news
    if level is Level.ALL:
        is_new = isinstance(event.happened, Opened)
        yield Reason.WATCHING, news if is_chosen or is_new else News.CHANGED
    if level is Level.NEW and isinstance(event.happened, Opened):
        yield Reason.NEW_ISSUE, News.NEW_ISSUE


def _part(subject: Subject, person: int) -> Reason | None:
    """As what somebody takes part in an issue."""
    if person in subject.assignees:
        return Reason.ASSIGNED
    if any(one.user_id == person for one in subject.mentions):
        return Reason.MENTIONED
    if person == subject.author_id:
        return Reason.AUTHOR
    return Reason.COMMENTED if person in subject.commenters else None


def _assigned(event: HeardEvent, subject: Subject) -> Collection[int]:
    """Whose the issue is, or is no longer, by this event."""
    if isinstance(event.happened, Assigned):
        return [id for id in (*event.happened.added_ids, *event.happened.removed_ids) if id is not None]
    return subject.assignees if isinstance(event.happened, Opened) else ()
