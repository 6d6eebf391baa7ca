"""What may be done only so often: it is counted before a view runs, and its answer says what is left."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from webapp.errors import CairnError
from webapp.http.application import asked, noted
from webapp.http.identity import viewer
from webapp.http.scopes import SAFE
from webapp.http.services import services
from webapp.quotas import Quota

WORK = ("comment", "issue", "creation", "change", "preview")
HEADERS = ("RateLimit-Policy", "RateLimit", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def of(method: str, rule: str, marks: Mapping[str, Any]) -> str:
    """From which allowance an operation takes that names none.

    What is one's own outside of projects, as an inbox, nobody else has to read: there a change is free.
    """
    if method in SAFE or marks.get("anonymous"):
        return ""
    if marks.get("creates"):
        return "creation"
    return "change" if "<project:" in rule else ""


def spend(what: str, path: Mapping[str, Any]) -> None:
    """Take one from the allowance of whoever asks. Raises TooMany.

    A search for nothing is free; and so is what a project is made of to those who work in it, who can be told, and to
    administrators, who have to clear up after others.
    """
    sent, by = asked(), viewer()
    if what == "search" and not any(sent.args.values()):
        return
    if what in WORK and (services().is_of_team() or (by is not None and by.is_admin)):
        return
    token = sent.args.get("token", "") if what == "export" else ""
    noted()["quota"] = services().spend(what, by, sent.remote_addr or "", path.get("project", ""), token)


def told(response: Response) -> Response:
    """The same answer, with what is left."""
    if (quota := noted().get("quota")) is not None:
        response.headers.extend(headers(quota))
    return response


def refused(error: CairnError) -> dict[str, str]:
    """When to come back, for the errors that say so, and what was used up."""
    after = getattr(error, "retry_after", None)
    return {"Retry-After": str(after), **headers(getattr(error, "quota", None))} if after else {}


def headers(quota: Quota | None) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers has it since its eighth version, and as programs knew it before."""
    if quota is None:
        return {}
    values = (
        f'"{quota.name}";q={quota.most};w={quota.window}',
        f'"{quota.name}";r={quota.left};t={quota.whole_in}',
        str(quota.most),
        str(quota.left),
        str(quota.whole_in),
    )
    return dict(zip(HEADERS, values, strict=True))
