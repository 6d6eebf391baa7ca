from collections.abc import Sequence

from flask import url_for

from webapp.access import Viewer
from webapp.auth.schemas import AccessOut, CookieOut, TokenOut
from webapp.config import of_this_app
from webapp.config.sso import OidcProvider
from webapp.http import Done, Feature, Form, Made, Page, Reply
from webapp.i18n import _
from webapp.paging import whole
from webapp.sso import coming, pending
from webapp.sso import service as sso
from webapp.sso.coming import Failure
from webapp.sso.schemas import AnswerQuery, BeginQuery, BegunOut, IdentityOut, LinkIn
from webapp.types import Slice

bp = Feature("sso", "/auth")


@bp.get("/sso/<provider:provider>")
def begin(provider: str, query: BeginQuery) -> Reply[BegunOut]:
    """Log in at a provider: a browser is sent there, and comes back to the callback."""
    found = coming.sent_away(provider, query)
    return found if isinstance(found, Failure) else Done(BegunOut(location=found), at=found)


@bp.get("/sso/<provider:provider>/callback")
def callback(provider: str, query: AnswerQuery) -> Reply[TokenOut | CookieOut | AccessOut]:
    """Where the provider sends a browser back to, once somebody has logged in there."""
    return coming.received(provider, query)


@bp.get("/identities", endpoint="index")
def list_identities(by: Viewer) -> Reply[Slice[IdentityOut]]:
    """By which logins elsewhere you come in."""
    own = sso.own(by.id)
    return Page("sso/index.html", whole(own), own=own, labels=sso.labels, providers=_offered(), form=Form.of({}))


@bp.page("/identities/link")
def link_form(by: Viewer) -> Reply[None]:
    """Asks whether a login elsewhere shall be yours from now on."""
    if not pending.is_there():
        return Done(None, at=url_for(".index"))
    identity = pending.require("")
    label = sso.rules_of(identity.provider).label
    return Page("sso/link.html", identity=identity, label=label, form=Form.of({}))


@bp.post("/identities", form="link_form", creates=True, secret=True)
def link(body: LinkIn, by: Viewer) -> Reply[IdentityOut]:
    """Let yourself in by a login elsewhere from now on."""
    identity = pending.require(body.link_token)
    linked = sso.link(identity, sso.rules_of(identity.provider), by)
    pending.forget()
    return Made(linked, at=url_for(".index"), say=_("It is linked."))


@bp.delete("/identities/<number:identity>", form="index")
def unlink(identity: int, by: Viewer) -> Reply[None]:
    """Let a login elsewhere let you in no longer. The last way in stays."""
    sso.unlink(identity, by)
    return Done(None, at=url_for(".index"), say=_("It is not linked any more."))


def _offered() -> Sequence[OidcProvider]:
    return of_this_app().providers
