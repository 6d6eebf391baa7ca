"""Those who see something, with the reasons, and what a change would let others see."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from webapp.access import Role, Visibility
from webapp.accounts.rows import Person
from webapp.paging import Cut


class Audience(StrEnum):
    """How wide the circle is of those who see something."""

    NAMED = "named"
    ACCOUNTS = "accounts"
    EVERYONE = "everyone"

    @classmethod
    def of(cls, visibility: Visibility, *, is_private: bool = False) -> "Audience":
        """That of a project, or of what is private in it."""
        return cls.NAMED if is_private else _AUDIENCES[visibility]

    @property
    def width(self) -> int:
        """The more, the more people see it."""
        return list(Audience).index(self)


_AUDIENCES = {
    Visibility.PRIVATE: Audience.NAMED,
    Visibility.INTERNAL: Audience.ACCOUNTS,
    Visibility.PUBLIC: Audience.EVERYONE,
}


class Ground(StrEnum):
    """Why somebody sees something: the role that they have in the project, or what they are to the issue or here."""

    OWNER = "owner"
    MAINTAINER = "maintainer"
    MEMBER = "member"
    REPORTER = "reporter"
    VIEWER = "viewer"
    AUTHOR = "author"
    ASSIGNEE = "assignee"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who sees something, with all that may be a reason."""

    id: int
    name: str
    avatar: str | None
    sort_key: str
    role: Role | None
    is_admin: bool
    is_author: bool
    is_assignee: bool
    sees_private: bool


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody who sees something, and why. The id is that of the person.

    `sees_private` tells whether they see each private issue and comment in it as well, not only their own.
    """

    id: int
    user: Person
    reasons: Sequence[Ground]
    sees_private: bool


@dataclass(frozen=True, slots=True)
class Reveal:
    """What becomes visible by a change, and to whom: `people` counts those that are named, where nobody else is."""

    audience: Audience
    people: int | None
    issues: int
    comments: int
    attachments: int


@dataclass(slots=True)
class Seen(Cut[Onlooker]):
    """Some of those who see something, by name; `reveals` is what the change that was asked for lets others see."""

    visibility: Visibility = Visibility.PRIVATE
    private: bool = False
    audience: Audience = Audience.NAMED
    reveals: Sequence[Reveal] = ()
