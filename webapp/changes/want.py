"""What is to become of issues, and of which ones, with all that is named looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from webapp.changes.where import Where
from webapp.events.kinds import Ticked
from webapp.issues.linking import Target
from webapp.issues.statuses import StatusRow
from webapp.models.issues import Reason, State
from webapp.projects.service import ProjectRow
from webapp.references.service import Prepared

__all__ = ["Cause", "Ref", "Upper", "Want", "Where"]


@dataclass(frozen=True, slots=True)
class Ref:
    """What an issue is given, by its id and what it is called; nothing of this kind, where both are None."""

    id: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Upper:
    """The issue that others are to be a part of; None of all where they are to be a part of nothing."""

    id: int | None = None
    number: int | None = None
    key: str | None = None


class Cause(NamedTuple):
    """A commit or merge request elsewhere that says that an issue is done, and where it can be looked at."""

    called: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Want:
    """What is to become of issues; what is not said stays as it is.

    `values` are fields that are stored and told as they are. A status is gone to whatever an issue's state is; with
    a state alone, those go to `status` that are not in that state. `statuses` are the project's, as far as they are
    known. `cause` is the key of the issue on which it was said that these are to be closed, `code` what else said so
    of which one; `ticked` is what is told of a text whose tasks alone were ticked.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    text: Prepared | None = None
    ticked: Ticked | None = None
    milestone: Ref | None = None
    parent: Upper | None = None
    status: StatusRow | None = None
    statuses: Sequence[StatusRow] = ()
    state: State | None = None
    reason: Reason | None = None
    original: Target | None = None
    cause: str | None = None
    code: Mapping[int, Cause] = field(default_factory=dict)
    add_labels: tuple[int, ...] = ()
    remove_labels: tuple[int, ...] = ()
    add_assignees: Mapping[int, str] = field(default_factory=dict)
    remove_assignees: Mapping[int, str] = field(default_factory=dict)
    target: ProjectRow | None = None
    trash: bool = False
    force: bool = False
