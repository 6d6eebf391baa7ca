"""A text was written: what others make of the words of an issue or comment, in the same transaction.

Mentions, references and attachments listen here; the hub need not know them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from webapp.access import Viewer
from webapp.projects.service import ProjectRow


@dataclass(frozen=True, slots=True)
class Written:
    """The text of an issue, or of a comment on it, as it is from now on; empty once that is deleted.

    `names` is what it names, which was read before the change began. One that is new takes no other's place. With an
    issue go its comments, without a word of their own.
    """

    project: ProjectRow
    issue_id: int
    number: int
    comment_id: int | None
    text: str
    by: Viewer
    names: Sequence[str] = ()
    is_new: bool = False


listeners: list[Callable[[Written], None]] = []
# For each of those whether a new text is of any concern to it, by what it says and what it names.
concerns: list[Callable[[str, Sequence[str]], bool]] = []


def is_heard(text: str, names: Sequence[str]) -> bool:
    """Whether anybody who listens has anything to do with a new text."""
    return len(concerns) != len(listeners) or any(concern(text, names) for concern in concerns)


def tell(written: Written) -> None:
    """Let everybody who listens know, in the order in which they began to."""
    for listener in listeners:
        listener(written)
