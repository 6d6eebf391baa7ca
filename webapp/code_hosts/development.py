"""What of the code names an issue, for its page and on an address of its own."""

from webapp.code_hosts import mentions
from webapp.code_hosts.rows import Code, Development
from webapp.events.kinds import CODE
from webapp.models.code_hosts import Piece
from webapp.paging import Cut
from webapp.thread.service import Thread

MOST, SHOWN = 200, 5


def is_told_in(thread: Thread) -> bool:
    """Whether there may be some, as each is told in the thread; so most issues cost no statement."""
    is_part = bool(thread.hidden or thread.is_begun or thread.next)
    return is_part or any(event.kind in CODE for entry in (*thread.before, *thread.after) for event in entry.events)


def development(issue_id: int) -> Development | None:
    """The merge requests that name an issue, and the last commits; None where there are none."""
    found = mentions.of_issue(issue_id, SHOWN + 1)
    if not found:
        return None
    shown = found[:SHOWN]
    merges, commits = ([one for one in shown if one.kind == kind] for kind in (Piece.MERGE_REQUEST, Piece.COMMIT))
    return Development(merges, commits, has_more=len(found) > SHOWN)


def listing(issue_id: int) -> Cut[Code]:
    """All that names an issue, the newest first; of very many the last ones."""
    return Cut(mentions.of_issue(issue_id, MOST), total=mentions.count(issue_id))
