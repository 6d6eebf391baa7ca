"""What happened to an issue, without the comments: its events, and the texts elsewhere that name it."""

from datetime import datetime

from webapp.access import Viewer
from webapp.events import service as events
from webapp.events.kinds import Mentioned
from webapp.events.schemas import EventQuery
from webapp.events.service import EventRow
from webapp.paging import COUNTED, Cut, Key, Place, bounded, cut, place
from webapp.references import service as references
from webapp.references.service import CrossReference
from webapp.types import MAX_ID

# At one moment events come before mentions; their ids are of two tables.
EVENT, MENTION = 0, 1


def listing(issue_id: int, query: EventQuery, viewer: Viewer | None) -> Cut[EventRow]:
    """The events of an issue and the texts that name it, oldest first; of these only what the viewer may see."""
    at, more = place(query.cursor, datetime, int, int), query.limit + 1
    told = events.after(issue_id, _beyond(at, EVENT), more)
    mentions = references.after(issue_id, viewer, _beyond(at, MENTION), more)
    both = sorted([*told, *map(mention, mentions)], key=_key)
    page = cut(both[:more], query.limit, at, _key)
    counted = events.count(issue_id, COUNTED + 1) + references.count(issue_id, viewer, COUNTED + 1)
    page.total = bounded(counted)
    return page


def mention(reference: CrossReference) -> EventRow:
    """A text that names an issue, as an event of that issue."""
    mentioned = Mentioned(reference.key, reference.number, reference.title, reference.comment)
    return EventRow(reference.id, reference.actor, mentioned, reference.created_at, None)


def _key(event: EventRow) -> Key:
    return event.created_at, MENTION if event.kind == "mentioned" else EVENT, event.id


def _beyond(at: Place | None, rank: int) -> Key | None:
    """Beyond which time and id of its own table a kind goes on after a place."""
    if at is None:
        return None
    moment, at_rank, at_id = at.key
    if rank == at_rank:
        return moment, at_id
    return moment, 0 if rank > at_rank else MAX_ID
