from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from webapp.events.kinds import KINDS
from webapp.i18n import _
from webapp.i18n.formats import one_of
from webapp.models.webhooks import Form, Outcome
from webapp.types import UNSET, Cursor, In, Limit, Line, Out, Wrong, example

EVERYTHING = "everything"
KNOWN = (EVERYTHING, *(kind for kind, one in KINDS.items() if one.stored))


def _known(kind: str) -> str:
    if kind not in KNOWN:
        raise Wrong(_("must be one of %(values)s", values=one_of(KNOWN)))
    return kind


Kind = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(KNOWN)})]
Kinds = Annotated[
    list[Kind],
    # The limit stands first: it counts what was sent, before what is there twice is left out.
    Field(min_length=1, max_length=len(KNOWN), description="Kinds of events, as a timeline has them; or everything."),
    AfterValidator(lambda kinds: [EVERYTHING] if EVERYTHING in kinds else list(dict.fromkeys(kinds))),
]
Url = Annotated[Line, Field(min_length=1, max_length=2000, description="Where it is posted: https://, or http://.")]
Speaks = Annotated[Form, Field(description="`standard`: JSON, signed. All others: one line for a chat room.")]


class WebhookIn(In, json_schema_extra=example(url="https://example.org/hook", events=[EVERYTHING])):
    url: Url
    form: Speaks = Form.STANDARD
    events: Kinds = [EVERYTHING]


class WebhookEdit(In, json_schema_extra=example(events=["opened", "closed"])):
    url: Url = UNSET
    form: Speaks = UNSET
    events: Kinds = UNSET
    is_on: Annotated[bool, Field(description="Whether it is told. What was dropped meanwhile stays dropped.")] = UNSET


class WebhookOut(Out):
    id: int
    url: str
    form: Form
    events: list[str]
    is_on: bool
    failing_since: Annotated[datetime | None, Field(description="Since when nothing was taken.")]
    ended_by: Annotated[str | None, Field(description="Why it was switched off, if nobody did it.")]
    former_until: Annotated[datetime | None, Field(description="Until when the former secret holds as well.")]
    created_at: datetime


class WebhookMade(WebhookOut):
    secret: Annotated[str, Field(description="Told only now. What is sent is signed with it.")]


class DeliveryQuery(In):
    limit: Limit = 50
    cursor: Cursor | None = None


class WebhookDeliveryOut(Out):
    id: int
    message_id: Annotated[str, Field(description="The header `webhook-id`; the same for what is sent again.")]
    issues: Annotated[int, Field(description="How many issues it tells of; 0 is a test.")]
    state: Outcome
    tries: int
    status: Annotated[int | None, Field(description="What was answered last.")]
    answer: Annotated[str | None, Field(description="Why it did not succeed.")]
    took: Annotated[int | None, Field(description="Milliseconds.")]
    created_at: datetime
    tried_at: datetime | None


class WebhookDeliveryDetail(WebhookDeliveryOut):
    body: Annotated[str | None, Field(description="What was sent; null before it was.")]
    headers: Annotated[dict[str, str] | None, Field(description="Some of those of the answer. Its body is not kept.")]
