"""Repositories at code hosts that are connected to projects, what they sent, and what of it names issues."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class HostKind(StrEnum):
    """Whose words a host speaks, and how it signs; a plain one is any program that can send a request."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"
    PLAIN = "plain"


class Arrival(StrEnum):
    """What has become of a delivery. What is ignored had nothing to do with issues."""

    WAITING = "waiting"
    TAKEN = "taken"
    IGNORED = "ignored"
    REFUSED = "refused"


class Piece(StrEnum):
    """What of a repository names issues."""

    COMMIT = "commit"
    MERGE_REQUEST = "merge_request"


class CodeHost(Model):
    """A repository that is connected to a project.

    What it sends is done with the rights of `connected_by`, who made its secret. That is made of `salt` by the key
    of this installation, and stands nowhere. The former one holds for a while, with the rights of who made that one.
    """

    __tablename__ = "code_hosts"

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    connected_by: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str]
    # Where the repository can be looked at, if that is known.
    url: Mapped[str | None]
    # What its own address here ends with. It cannot be guessed, but opens nothing alone.
    address: Mapped[str] = mapped_column(unique=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    former_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    former_until: Mapped[datetime | None]
    created_at: Mapped[Now]

    __table_args__ = (CheckConstraint("kind IN ('github', 'gitlab', 'gitea', 'plain')", name="kind"),)


class CodeDelivery(Model):
    """A request of a host that was signed. Its body is erased as soon as it is clear what comes of it."""

    __tablename__ = "code_deliveries"

    id: Mapped[Id]
    code_host_id: Mapped[int] = mapped_column(ForeignKey("code_hosts.id", ondelete="CASCADE"))
    # Whose secret signed it: with their rights it is done.
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    # As the host numbers it: what comes twice is taken once.
    message_id: Mapped[str]
    event: Mapped[str]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(server_default=Arrival.WAITING.value, default=Arrival.WAITING)
    # Why nothing came of it.
    answer: Mapped[str] = mapped_column(server_default="", default="")
    commits: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    # Issues by id, as not everybody who reads the log may see all of them.
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    came_at: Mapped[Now]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("code_host_id", "message_id"),
        Index(None, "code_host_id", "id"),
        Index(None, "came_at"),
        CheckConstraint("state IN ('waiting', 'taken', 'ignored', 'refused')", name="state"),
    )


class CodeChange(Model):
    """A commit or merge request that names an issue. It stays when its repository is no longer connected."""

    __tablename__ = "code_changes"

    id: Mapped[Id]
    code_host_id: Mapped[int | None] = mapped_column(ForeignKey("code_hosts.id", ondelete="SET NULL"))
    host: Mapped[str]
    kind: Mapped[str]
    # The hash of a commit, the number of a merge request.
    ref: Mapped[str]
    title: Mapped[str]
    url: Mapped[str | None]
    author: Mapped[str]
    branch: Mapped[str]
    # When the host says that a merge request came to be as it was last told: what is told late changes nothing.
    stated_at: Mapped[datetime | None]
    created_at: Mapped[Now]

    __table_args__ = (
        UniqueConstraint("code_host_id", "kind", "ref"),
        CheckConstraint("kind IN ('commit', 'merge_request')", name="kind"),
    )


class CodeMention(Model):
    """An issue that a commit or merge request names. It closes an issue once, however often it comes."""

    __tablename__ = "code_mentions"

    code_change_id: Mapped[int] = mapped_column(ForeignKey("code_changes.id", ondelete="CASCADE"), primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True, index=True)
    # Of a merge request, as it was last told there.
    state: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[Now]

    __table_args__ = (CheckConstraint("state IN ('open', 'merged', 'closed')", name="state"),)
