"""An event of each kind in all its ways, with its words on a page and in plain text."""

from datetime import date

from webapp.events import kinds
from webapp.events.kinds import LeftBehind, Ref

MARCH, CHRISTMAS = date(2026, 3, 1), date(2026, 12, 24)
ISSUE = '<a href="/projects/WALL/issues/2">WALL-2</a>'
HISTORY = '<a class="quiet" href="/projects/WALL/issues/1/history">the description</a>'
COMMIT = '<a href="https://x.test/4d" rel="nofollow noopener noreferrer">commit 4d1bb3f</a>'
CODE = "4d1bb3f0", "commit 4d1bb3f", "Turn <it>", "https://x.test/4d"
MERGE = "5", "merge request !5", "Turn", None
LEFT = LeftBehind(
    labels=[Ref(1, "bug"), Ref(2, "<old>")], assignees=[Ref(3, "Eve")], milestone=Ref(4, "Spring"),
    parent=Ref(2, "WALL-2"), parts=[Ref(5, "WALL-5")], status=Ref(6, "In review"),
)  # fmt: skip

# The event; its words on the page of WALL-1; the same as plain text, where that is another.
SAMPLES = [
    (kinds.Opened(), "opened this", None),
    (kinds.Deleted(1, "Wall"), "deleted this", None),
    (kinds.Restored(1, "Wall"), "restored this", None),
    (kinds.Closed("completed"), "closed this as completed", None),
    (kinds.Closed("not_planned"), "closed this as not planned", None),
    (kinds.Closed(None), "closed this as completed", None),
    (kinds.Closed("duplicate", "WALL-2"), f"closed this as duplicate of {ISSUE}", "closed this as duplicate of WALL-2"),
    (kinds.Closed("completed", None, "WALL-2"), f"closed this as completed in {ISSUE}", "closed this as completed in WALL-2"),
    (kinds.Closed("completed", code="commit 4d1bb3f", code_url="https://x.test/4d"), f"closed this as completed in {COMMIT}", "closed this as completed in commit 4d1bb3f"),
    (kinds.Closed("completed", code="commit 4d1bb3f"), "closed this as completed in commit 4d1bb3f", None),
    (kinds.Committed(*CODE, None, "main"), f"mentioned this in {COMMIT}: <bdi>Turn &lt;it&gt;</bdi>", "mentioned this in commit 4d1bb3f: Turn <it>"),
    (kinds.Committed(*CODE, "Zoe", "main"), f"mentioned this in {COMMIT} by <bdi>Zoe</bdi>: <bdi>Turn &lt;it&gt;</bdi>", "mentioned this in commit 4d1bb3f by Zoe: Turn <it>"),
    (kinds.MergeRequested(*MERGE, None, "main", "open"), "opened merge request !5: <bdi>Turn</bdi>", "opened merge request !5: Turn"),
    (kinds.MergeRequested(*MERGE, "Zoe", "main", "open"), "noted that merge request !5 by <bdi>Zoe</bdi> was opened: <bdi>Turn</bdi>", "noted that merge request !5 by Zoe was opened: Turn"),
    (kinds.MergeRequested(*MERGE, "Zoe", "main", "merged"), "noted that merge request !5 by <bdi>Zoe</bdi> was merged: <bdi>Turn</bdi>", "noted that merge request !5 by Zoe was merged: Turn"),
    (kinds.Reclosed("not_planned", "completed"), "closed this as not planned", None),
    (kinds.Reclosed("duplicate", "completed", "WALL-2"), f"closed this as duplicate of {ISSUE}", "closed this as duplicate of WALL-2"),
    (kinds.Reopened("completed"), "reopened this", None),
    (kinds.Renamed("A <b>", "B & c"), 'changed the title from <del dir="auto">A &lt;b&gt;</del> to <ins dir="auto">B &amp; c</ins>', "changed the title from “A <b>” to “B & c”"),
    (kinds.Described(1, 2, 3), f"changed {HISTORY}", "changed the description"),
    (kinds.TextForgotten(1, None), f"let a former text of {HISTORY} be forgotten", "let a former text of the description be forgotten"),
    (kinds.TextForgotten(1, 5), 'let a former text of <a class="quiet" href="/projects/WALL/issues/1/comments/5/history">a comment</a> be forgotten', "let a former text of a comment be forgotten"),
    (kinds.Hidden(False, True), "made this private", None),
    (kinds.Hidden(True, False), "made this visible to all who see the project", None),
    (kinds.Prioritised("none", "high"), "set the priority from none to high", None),
    (kinds.MovedStatus("Todo", "<Done>", 1, 2), "moved this from <bdi>Todo</bdi> to <bdi>&lt;Done&gt;</bdi>", "moved this from Todo to <Done>"),
    (kinds.Milestoned(None, "Spring", None, 1), "set the milestone to <bdi>Spring</bdi>", "set the milestone to Spring"),
    (kinds.Milestoned("Spring", None, 1, None), "took this out of the milestone <bdi>Spring</bdi>", "took this out of the milestone Spring"),
    (kinds.Milestoned("Spring", "Summer", 1, 2), "set the milestone to <bdi>Summer</bdi>", "set the milestone to Summer"),
    (kinds.Noted(None, "A <b>"), 'noted as its resolution <ins dir="auto">A &lt;b&gt;</ins>', "noted as its resolution “A <b>”"),
    (kinds.Noted("A", None), "took away the resolution note", None),
    (kinds.Estimated(None, 3), "set the estimate to 3", None),
    (kinds.Estimated(3, 0), "set the estimate to 0", None),
    (kinds.Estimated(3, None), "took away the estimate", None),
    (kinds.Started(None, MARCH), "set the start date to 1 Mar 2026", None),
    (kinds.Scheduled(MARCH, CHRISTMAS), "set the due date to 24 Dec 2026", None),
    (kinds.Scheduled(MARCH, None), "took away the due date", None),
    (kinds.Reparented(None, "WALL-2", None, 2), f"made this a part of {ISSUE}", "made this a part of WALL-2"),
    (kinds.Reparented("WALL-2", None, 2, None), f"took this out of {ISSUE}", "took this out of WALL-2"),
    (kinds.Linked("blocks", "WALL-2"), f"noted that this blocks {ISSUE}", "noted that this blocks WALL-2"),
    (kinds.Linked("blocked_by", "WALL-2"), f"noted that this is blocked by {ISSUE}", "noted that this is blocked by WALL-2"),
    (kinds.Linked("relates", None), "noted that this relates to an issue of another project", None),
    (kinds.Linked("duplicates", None), "noted that this duplicates an issue of another project", None),
    (kinds.Unlinked("duplicated_by", "WALL-2"), f"took back that this is duplicated by {ISSUE}", "took back that this is duplicated by WALL-2"),
    (kinds.Ticked(["Mix <i>", "Buy"], ["Look"]), "ticked <bdi>Mix &lt;i&gt;</bdi>, <bdi>Buy</bdi> and cleared <bdi>Look</bdi>", "ticked Mix <i>, Buy and cleared Look"),
    (kinds.Ticked([], ["Look"], 5), "cleared <bdi>Look</bdi>", "cleared Look"),
    (kinds.Moved("WALL-1", "SCREE-2"), "moved this from <bdi>WALL-1</bdi> to <bdi>SCREE-2</bdi>", "moved this from WALL-1 to SCREE-2"),
    (kinds.Moved(None, "SCREE-2"), "moved this to <bdi>SCREE-2</bdi>", "moved this to SCREE-2"),
    (
        kinds.Moved("WALL-1", "SCREE-2", LEFT),
        'moved this from <bdi>WALL-1</bdi> to <bdi>SCREE-2</bdi>, where it has no longer <span class="label"><bdi>bug</bdi></span> '
        '<span class="label"><bdi>&lt;old&gt;</bdi></span>, the assignee <bdi>Eve</bdi>, the milestone <bdi>Spring</bdi>, the status <bdi>In review</bdi>, '
        f'the parent {ISSUE}, the sub-issue <a href="/projects/WALL/issues/5">WALL-5</a>',
        "moved this from WALL-1 to SCREE-2, where it has no longer “bug” “<old>”, the assignee Eve, the milestone Spring, the status In review, the parent WALL-2, the sub-issue WALL-5",
    ),
    (
        kinds.Moved(None, "SCREE-2", LeftBehind(parts=[Ref(5, "#5"), Ref(6, "#6")], parent=Ref(2, "#2"))),
        "moved this to <bdi>SCREE-2</bdi>, where it has no longer its parent, sub-issues",
        "moved this to SCREE-2, where it has no longer its parent, sub-issues",
    ),
    (
        kinds.Moved("WALL-1", "SCREE-2", LeftBehind(status=Ref(6, "Cooling")), status=Ref(7, "<Todo>")),
        "moved this from <bdi>WALL-1</bdi> to <bdi>SCREE-2</bdi>, where it has no longer the status <bdi>Cooling</bdi>, "
        "and is now <bdi>&lt;Todo&gt;</bdi>",
        "moved this from WALL-1 to SCREE-2, where it has no longer the status Cooling, and is now <Todo>",
    ),
    (kinds.Mentioned("WALL", 2, "Like <it>", None), 'mentioned this in <a href="/projects/WALL/issues/2">WALL-2 <bdi>Like &lt;it&gt;</bdi></a>', "mentioned this in WALL-2 Like <it>"),
    (kinds.Mentioned("WALL", 2, "Like it", 7), 'mentioned this in <a href="/projects/WALL/issues/2#c7">WALL-2 <bdi>Like it</bdi></a>', "mentioned this in WALL-2 Like it"),
    (
        kinds.Labelled(["bug", "area::<x>"], ["old"], [1, 2], [3]),
        'added <span class="label"><bdi>bug</bdi></span> <span class="label"><span class="scope" dir="auto">area</span><span class="hidden">::</span>'
        '<bdi>&lt;x&gt;</bdi></span> and removed <span class="label"><bdi>old</bdi></span>',
        "added “bug” “area::<x>” and removed “old”",
    ),
    (kinds.Labelled([], ["bug"], [], [1]), 'removed <span class="label"><bdi>bug</bdi></span>', "removed “bug”"),
    (kinds.Assigned(["Ada", "<Bob>"], [], [1, 2], []), "assigned <bdi>Ada</bdi>, <bdi>&lt;Bob&gt;</bdi>", "assigned Ada, <Bob>"),
    (kinds.Assigned(["Ada"], ["Eve"], [1], [3]), "assigned <bdi>Ada</bdi> and unassigned <bdi>Eve</bdi>", "assigned Ada and unassigned Eve"),
    (kinds.Commented(5), '<a class="quiet" href="/projects/WALL/issues/1#c5">commented</a>', "commented"),
    (kinds.CommentEdited(5, 1, 1, 2), 'edited <a class="quiet" href="/projects/WALL/issues/1#c5">a comment</a>', "edited a comment"),
    (kinds.CommentHidden(5, 1, False, True), 'made <a class="quiet" href="/projects/WALL/issues/1#c5">a comment</a> private', "made a comment private"),
    (kinds.CommentDeleted(5, 1), 'deleted <a class="quiet" href="/projects/WALL/issues/1#c5">a comment</a>', "deleted a comment"),
    (kinds.CommentRestored(5, 1), 'restored <a class="quiet" href="/projects/WALL/issues/1#c5">a comment</a>', "restored a comment"),
    (kinds.of("unheard_of", {"new": 1}), "changed this", None),
]  # fmt: skip
