"""What becomes of whom a provider has logged in: let in, asked to link, or taken to have shown again who they are."""

from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response as AnyResponse

from webapp.access import Viewer
from webapp.auth import browsers
from webapp.auth.schemas import AccessOut, CookieOut, TokenOut
from webapp.errors import Conflict, SignInNeeded
from webapp.factors import entering, halfway, sites
from webapp.factors.entering import Halfway
from webapp.http import Done, Reply, csrf, identity
from webapp.http.negotiation import wants_page
from webapp.http.reply import Page, local
from webapp.i18n import _
from webapp.sso import flow, pending
from webapp.sso import service as sso
from webapp.sso.flow import Came, LoginOver, LoginRefused
from webapp.sso.rows import Errand
from webapp.sso.schemas import AnswerQuery, BeginQuery
from webapp.sso.service import LinkNeeded
from webapp.sso.talking import ProviderFailed


@dataclass
class Entry:
    """How whoever comes from a provider stays: a browser as long as it is open."""

    next: str
    remember: bool = False
    cookie: bool = False


class Failure(Page):
    """Says what went wrong, and leads to the other ways in."""

    def __init__(self, provider: str, onward: str, error: Exception, status: int) -> None:
        super().__init__("sso/failed.html", error=error, onward=onward, provider=provider)
        self.status_told = status

    def as_page(self, status: int = 200) -> AnyResponse:
        return super().as_page(self.status_told)


def sent_away(name: str, query: BeginQuery) -> str | Failure:
    """Where a browser goes to log in; a page that says why not, if the provider is away. A client hears the error."""
    there, onward = flow.provider(name), local(query.next)
    if query.purpose is not Errand.LOGIN:
        _require_somebody()
    try:
        return flow.begin(there, query.purpose, onward, browser=csrf.visitor(), back=_back(name))
    except ProviderFailed as error:
        return _failure(name, onward, error)


def received(name: str, query: AnswerQuery) -> Reply[TokenOut | CookieOut | AccessOut]:
    """What becomes of whoever came back."""
    there = flow.provider(name)
    answer = query.model_dump(exclude_unset=True)
    try:
        came = flow.finish(there, answer, browser=csrf.visitor(), back=_back(name))
    except (ProviderFailed, LoginOver, LoginRefused) as error:
        return _failure(name, "/", error)
    if came.purpose is Errand.LINK:
        return _to_link(came)
    if came.purpose is Errand.CONFIRM:
        _require_same(came)
    return _let_in(came)


def _let_in(came: Came) -> Reply[TokenOut | CookieOut | AccessOut]:
    try:
        user = sso.recognised(came.identity, came.provider)
    except LinkNeeded as needed:
        return asked_to_link(needed, came.provider.label)
    if came.purpose is Errand.CONFIRM and (came.suffices or not user.has_factor):
        entering.note_confirmed(identity.me())
        return Done(browsers.confirmed(), at=came.onward)
    entry = Entry(came.onward)
    login = entering.come_from(
        came.identity.provider,
        user,
        suffices=came.suffices,
        source=browsers.source(user.email or ""),
        stay=halfway.stay(entry),
    )
    if isinstance(login, Halfway):
        return halfway.lead_on(login, entry)
    return Done(browsers.begun(replace(login, is_proved=came.is_proved)), at=came.onward)


def asked_to_link(needed: LinkNeeded, label: str) -> Reply[Any]:
    """Lead a browser to where it agrees that a login elsewhere be its account's. Raises LinkNeeded for a client."""
    if not wants_page():
        raise LinkNeeded(needed.identity, label, pending.of_client(needed.identity))
    pending.keep(needed.identity)
    return Done(None, at=url_for("sso.link_form"), say=str(needed))


def _to_link(came: Came) -> Reply[Any]:
    _require_somebody()
    if not wants_page():
        raise LinkNeeded(came.identity, came.provider.label, pending.of_client(came.identity))
    pending.keep(came.identity)
    return Done(None, at=url_for("sso.link_form"))


def _require_same(came: Came) -> None:
    """Whoever confirms is who is logged in here. Raises Conflict."""
    owner = sso.owner(came.identity)
    if owner is None or owner.id != _require_somebody().id:
        raise Conflict(_("You are somebody else at %(label)s than here.", label=came.provider.label))


def _require_somebody() -> Viewer:
    found = identity.viewer()
    if found is None:
        raise SignInNeeded()
    return found


def _failure(name: str, onward: str, error: ProviderFailed | LoginOver | LoginRefused) -> Failure:
    if not wants_page():
        raise error
    return Failure(name, onward, error, error.status)


def _back(name: str) -> str:
    """Where the provider sends browsers back to: what is registered there."""
    return sites.here().origin + url_for("sso.callback", provider=name)
