"""People as lists and pages show them."""

from dataclasses import dataclass
from datetime import datetime

from webapp.access import Role
from webapp.text import pictures


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is named; the picture that they uploaded only where it may be shown."""

    id: int
    name: str
    avatar: str | None = None

    @property
    def picture(self) -> str | None:
        """Where the picture is: at another address as soon as it is another."""
        return uploaded(self.id, self.avatar) if self.avatar else None


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody as their page shows them; `email` only to those who may know it."""

    id: int
    name: str
    email: str | None
    time_zone: str
    created_at: datetime
    is_active: bool
    is_imported: bool
    avatar: str | None

    @property
    def avatar_url(self) -> str:
        """Where their picture is: the uploaded one, else their initials."""
        if self.avatar is not None:
            return uploaded(self.id, self.avatar)
        return f"/users/{self.id}/avatar.svg?v={pictures.version(self.id, self.name)}"


@dataclass(frozen=True, slots=True)
class Part:
    """A project that somebody is in."""

    key: str
    name: str
    role: Role
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did to an issue; `verb` is as what it is told."""

    kind: str
    verb: str
    at: datetime
    project_key: str
    number: int
    title: str

    @property
    def issue_key(self) -> str:
        return f"{self.project_key}-{self.number}"


def uploaded(user_id: int, avatar: str) -> str:
    """Where the picture is that somebody uploaded, which lies among the files under this name."""
    return f"/users/{user_id}/avatar?v={avatar[:8]}"
