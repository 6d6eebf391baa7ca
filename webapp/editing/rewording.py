"""The texts of issues that go to another project: `#2` says by its key in which project that is.

So it means the same afterwards, wherever the text is read, quoted, sent or edited, and whatever numbers the other
project gives. A number that is remembered to be of elsewhere would be true on the page alone. Former texts are
reworded as well, as somebody may go back to one; that nothing but this was changed, the event of the move tells.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from webapp.editing import relocation, wording
from webapp.errors import Overtaken
from webapp.i18n import _
from webapp.projects.service import ProjectRow
from webapp.text.rewording import reworded as said_by_key

# Which text: of an issue, of a comment or a former one, and its id.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Reworded:
    """What these texts of a project's issues were, and what they become elsewhere."""

    project: ProjectRow
    before: Mapping[Key, str]
    after: Mapping[Key, str]


def reworded(issue_ids: Collection[int], project: ProjectRow) -> Reworded:
    """What the texts of these issues become once they are in another project. That takes long, so it comes first."""
    before = wording.naming(issue_ids)
    given = relocation.given(project.id) if before else 0
    made = {text: said_by_key(text, project.key, given) for text in set(before.values())}
    return Reworded(project, before, {key: made[text] for key, text in before.items() if made[text] != text})


def write(texts: Reworded, issue_ids: Collection[int]) -> int:
    """Write the texts of these issues, which nobody else can change now; returns how many were reworded.

    Raises Conflict if one was written since it was read.
    """
    now = wording.naming(issue_ids)
    if any(texts.before.get(key) != text for key, text in now.items()):
        raise Overtaken(_("A text of these issues was changed meanwhile. Try again."))
    new = {key: text for key, text in texts.after.items() if key in now}
    by_kind: dict[str, dict[int, str]] = {kind: {} for kind in wording.KINDS}
    for (kind, id), text in new.items():
        by_kind[kind][id] = text
    for kind, those in by_kind.items():
        wording.write(kind, those)
    wording.rename(texts.project.key, list(by_kind["issue"]), list(by_kind["comment"]))
    return len(new)
