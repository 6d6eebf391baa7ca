"""What hosts send, as far as it is needed: all else is passed over, and what is too long is cut.

GitHub and Gitea say pull request, GitLab merge request; a push is nearly the same everywhere, and so is read alike.
"""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from webapp.types import MAX_ID

# More than a forge tells of one push.
MOST = 2_048
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def _short(value: Any, limit: int, *, lines: bool) -> Any:
    """A text as it can be kept."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = _UNSEEN.sub("", value[: 4 * limit])
    return (text if lines else " ".join(text.split()))[:limit]


def _link(value: Any) -> Any:
    """An address that a browser may be led to; None for any other, as a payload is not refused for that."""
    return value if isinstance(value, str) and re.fullmatch(r"https?://[^\s<>\"]{1,1990}", value) else None


def _listed(value: Any) -> Any:
    return value[:MOST] if isinstance(value, list) else [] if value is None else value


def _moment(value: Any) -> Any:
    """A time as hosts write it; GitLab's older way was `2017-09-15 16:50:55 UTC`."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value.replace(" UTC", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo else None


Line = Annotated[str, BeforeValidator(lambda value: _short(value, 200, lines=False))]
Words = Annotated[str, BeforeValidator(lambda value: _short(value, 10_000, lines=True))]
Link = Annotated[str | None, BeforeValidator(_link)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Number = Annotated[int, Field(ge=1, le=MAX_ID)]


class Given(BaseModel):
    """A part of what a host sends."""

    model_config = ConfigDict(extra="ignore")


class Author(Given):
    name: Annotated[Line, Field(validation_alias=AliasChoices("name", "full_name"))] = ""
    login: Annotated[Line, Field(validation_alias=AliasChoices("login", "username"))] = ""
    email: Line = ""


class Commit(Given):
    id: Annotated[str, Field(pattern="^[0-9a-fA-F]{7,64}$")]
    message: Words
    url: Link = None
    author: Author | None = None


class Repository(Given):
    url: Annotated[Link, Field(validation_alias=AliasChoices("html_url", "web_url"))] = None
    default_branch: Line = ""


class OfRepository(Given):
    """GitLab has a `repository` as well, which tells less than its `project`."""

    repository: Annotated[Repository | None, Field(validation_alias=AliasChoices("project", "repository"))] = None


class Push(OfRepository):
    ref: Line
    commits: Annotated[list[Commit], BeforeValidator(_listed)] = []
    total: Annotated[int | None, Field(validation_alias=AliasChoices("total_commits_count", "total_commits"))] = None


class Base(Given):
    ref: Line = ""


class Merge(Given):
    """A merge request, which GitHub and Gitea call pull request and number otherwise."""

    number: Annotated[Number, Field(validation_alias=AliasChoices("number", "iid"))]
    title: Line
    body: Annotated[Words, Field(validation_alias=AliasChoices("body", "description"))] = ""
    url: Annotated[Link, Field(validation_alias=AliasChoices("html_url", "url"))] = None
    state: Line = "open"
    merged: bool | None = None
    user: Annotated[Author | None, Field(validation_alias=AliasChoices("user", "author"))] = None
    base: Base = Base()
    target_branch: Line = ""
    updated_at: Moment = None


class MergeEvent(OfRepository):
    merge: Annotated[Merge, Field(validation_alias=AliasChoices("pull_request", "object_attributes"))]
    user: Author | None = None


class Plain(Given):
    """What any program may send; `branch` is where commits arrived, or where the merge request leads."""

    branch: Line
    default_branch: Line = ""
    url: Link = None
    commits: Annotated[list[Commit], BeforeValidator(_listed)] = []
    merge_request: Merge | None = None
