from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from webapp.accounts.schemas import PersonOut
from webapp.comments.schemas import LeftOpenOut
from webapp.i18n import _
from webapp.models.code_hosts import Arrival, HostKind, Piece
from webapp.types import UNSET, Cursor, In, Limit, Line, Out, Wrong, example


def _http(url: str | None) -> str | None:
    if url is not None and not url.startswith(("https://", "http://")):
        raise Wrong(_("must begin with https:// or http://"))
    return url


Url = Annotated[
    Annotated[Line, Field(max_length=2000)] | None,
    AfterValidator(_http),
    Field(description="Where the repository can be looked at. Hosts tell it with what they send first."),
]


class CodeHostIn(In, json_schema_extra=example(kind="github")):
    kind: Annotated[HostKind, Field(description="Whose words it speaks, and how it signs; `plain` is any program.")]
    url: Url = None


class CodeHostEdit(In, json_schema_extra=example(url="https://example.org/stones")):
    url: Url = UNSET


class CodeHostOut(Out):
    id: int
    kind: HostKind
    url: str | None
    hook_url: Annotated[str, Field(description="Where the host is to send what happens there.")]
    connector: Annotated[PersonOut, Field(description="With whose rights it is done: who made the secret.")]
    former_until: Annotated[datetime | None, Field(description="Until when the former secret holds as well.")]
    created_at: datetime


class CodeHostMade(CodeHostOut):
    secret: Annotated[str, Field(description="Told only now. The host signs with it.")]


class ArrivalQuery(In):
    limit: Limit = 50
    cursor: Cursor | None = None


class ArrivedOut(Out):
    """What arrived. Issues that you may not see are only counted, in `elsewhere`."""

    id: int
    message_id: Annotated[str, Field(description="As the host numbers it.")]
    event: str
    state: Arrival
    answer: Annotated[str, Field(description="Why nothing came of it, or not all.")]
    commits: int
    named: list[str]
    closed: list[str]
    left_open: list[LeftOpenOut]
    unknown: Annotated[list[str], Field(description="What is named and was not found, or is out of reach.")]
    elsewhere: int
    came_at: datetime
    ended_at: datetime | None


class CodeOut(Out):
    host: HostKind
    kind: Piece
    ref: Annotated[str, Field(description="The hash of a commit; the number of a merge request.")]
    title: str
    url: str | None
    author: Annotated[str, Field(description="As the host names them.")]
    branch: str
    state: Annotated[str | None, Field(description="Of a merge request: open, merged or closed.")]
    closes: Annotated[bool, Field(description="Whether the issue was closed by it.")]
    created_at: datetime


class ReceivedOut(Out):
    state: Annotated[str, Field(description="`taken`, or `known` for what came before.")]
