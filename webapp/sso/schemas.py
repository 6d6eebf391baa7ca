from datetime import datetime
from typing import Annotated

from pydantic import Field

from webapp.auth.schemas import Next
from webapp.sso.rows import Errand
from webapp.types import In, Out, example


class BeginQuery(In):
    """Where a page goes on to when all is done, and what for."""

    next: Next = ""
    purpose: Annotated[Errand, Field(description="`link` and `confirm` are for somebody who is logged in.")] = (
        Errand.LOGIN
    )


class AnswerQuery(In):
    """What the provider sends back with the browser: all of it within a line of HTTP, which may have 4,094 signs."""

    state: Annotated[str, Field(max_length=300)]
    code: Annotated[str, Field(max_length=1800)] = ""
    iss: Annotated[str, Field(max_length=300)] = ""
    error: Annotated[str, Field(max_length=200)] = ""
    error_description: Annotated[str, Field(max_length=1000)] = ""


class BegunOut(Out):
    location: Annotated[str, Field(description="Where to log in; keep the cookie that came with it.")]


class LinkIn(In, json_schema_extra=example(link_token="as the callback told it")):  # noqa: S106
    """A browser has the token in a cookie."""

    link_token: Annotated[str, Field(max_length=8192)] = ""


class IdentityOut(Out):
    id: int
    provider: str
    email: Annotated[str | None, Field(description="As the provider told it last.")]
    created_at: datetime
    last_used_at: datetime | None
