from flask import request, url_for

from webapp.access import Viewer
from webapp.auth import browsers
from webapp.auth.schemas import CookieOut, TokenOut
from webapp.errors import NotFound
from webapp.factors import asking, entering, halfway, pictures, sites
from webapp.factors import service as factors
from webapp.factors.asking import Asked
from webapp.factors.rows import Answer, PasskeyRow, Purpose
from webapp.factors.schemas import (
    AuthenticatorIn,
    ChangedOut,
    FactorIn,
    FactorsOut,
    OptionsIn,
    OptionsOut,
    PasskeyIn,
    PasskeyName,
    PasskeyOut,
    SetupOut,
)
from webapp.factors.service import Changed
from webapp.http import Done, Feature, Form, Made, Page, Reply, identity, me
from webapp.http.negotiation import wants_page
from webapp.http.reply import local
from webapp.i18n import _

bp = Feature("factors", "/auth")


@bp.page("/login/factor")
def login_form() -> Reply[None]:
    """Asks whoever has typed their password for the second factor."""
    wanted = local(request.values.get("next"))
    here = halfway.here()
    if here is None:
        return Done(None, at=browsers.to_log_in(wanted), say=_(entering.OVER))
    has_passkeys = entering.has_passkeys(here.reached.user_id)
    return Page("factors/login.html", form=Form.of({"next": wanted}), has_passkeys=has_passkeys)


@bp.post("/login/factor", form="login_form", anonymous=True)
def login(body: FactorIn) -> Reply[TokenOut | CookieOut]:
    """Log in with a second factor, after the password: by a code, or by what a passkey answered."""
    here = halfway.require(body.factor_token)
    if body.credential is None:
        login = entering.go_on(here.reached, body.code, came=browsers.source, stay=here.stay)
    else:
        answer = Answer(body.credential, body.challenge_token)
        login = entering.go_on_by_passkey(here.reached, answer, sites.here(), came=browsers.source, stay=here.stay)
    halfway.forget()
    return Done(browsers.begun(login), at=local(body.next))


@bp.post("/passkeys/options", anonymous=True)
def options(body: OptionsIn) -> Reply[OptionsOut]:
    """What navigator.credentials has to be asked for: to add a passkey, to log in with one, or to confirm."""
    return Done(_asked(body), at=url_for("auth.login_form"))


@bp.get("/factors", endpoint="index")
def list_factors(by: Viewer) -> Reply[FactorsOut]:
    """What is asked of you at a login beside your password."""
    own, is_required = factors.own(by), factors.is_required(by)
    value = FactorsOut.of(own, is_required=is_required)
    return Page("factors/index.html", value, own=own, is_required=is_required, form=Form.of({}))


@bp.get("/factors/authenticator", endpoint="authenticator")
def set_up_authenticator(by: Viewer) -> Reply[SetupOut]:
    """A secret for an authenticator app, which counts once the app has shown a right code."""
    identity.require_fresh()
    setup = factors.set_up(by, sites.here(), factors.being_set_up(by, request.form.get("setup_token", "")))
    value = SetupOut(secret=setup.secret, address=setup.address, setup_token=setup.token)
    return Page(
        "factors/authenticator.html",
        value,
        setup=setup,
        picture=lambda: pictures.qr(setup.address),
        form=Form.of({}),
    )


@bp.post("/factors/authenticator", form="authenticator", creates=True, secret=True)
def add_authenticator(body: AuthenticatorIn, by: Viewer) -> Reply[ChangedOut]:
    """Have codes of an authenticator app asked for at each login from now on.

    All your logins end; the one that asks is given new tokens, or a new cookie, in their place. With the first
    factor come recovery codes.
    """
    changed = factors.add_authenticator(body.setup_token, body.code, browsers.again(), by)
    return _made(changed, _("Your authenticator app is set up."))


@bp.delete("/factors/authenticator", form="index")
def remove_authenticator(by: Viewer) -> Reply[ChangedOut]:
    """Take your authenticator app away. All your logins end but the one that asks."""
    return _done(factors.remove_authenticator(browsers.again(), by), _("Your authenticator app is removed."))


@bp.page("/factors/passkeys/new")
def new_passkey(by: Viewer) -> Page:
    """The form that adds a passkey."""
    identity.require_fresh()
    return Page("factors/new_passkey.html", form=Form.of({}))


@bp.post("/factors/passkeys", form="new_passkey", creates=True, secret=True)
def add_passkey(body: PasskeyIn, by: Viewer) -> Reply[ChangedOut]:
    """Add a passkey that your device has just made. All your logins end but the one that asks."""
    answer = Answer(body.credential, body.challenge_token)
    changed = factors.add_passkey(body.name, answer, sites.here(), browsers.again(), by)
    return _made(changed, _("Your passkey is added."))


@bp.get("/factors/passkeys/<number:passkey>", endpoint="passkey")
def show_passkey(passkey: int, by: Viewer) -> Reply[PasskeyOut]:
    """One of your passkeys."""
    found = _own(passkey, by)
    return Page("factors/passkey.html", found, passkey=found, form=Form.of(found))


@bp.patch("/factors/passkeys/<number:passkey>", form="passkey")
def rename_passkey(passkey: int, body: PasskeyName, by: Viewer) -> Reply[PasskeyOut]:
    """Give a passkey another name."""
    factors.rename_passkey(passkey, body.name, by)
    return Done(_own(passkey, by), at=url_for(".index"), say=_("Saved."))


@bp.delete("/factors/passkeys/<number:passkey>", form="index")
def remove_passkey(passkey: int, by: Viewer) -> Reply[ChangedOut]:
    """Take a passkey away. All your logins end but the one that asks."""
    return _done(factors.remove_passkey(passkey, browsers.again(), by), _("Your passkey is removed."))


@bp.post("/factors/codes", form="index", secret=True)
def renew_codes(by: Viewer) -> Reply[ChangedOut]:
    """Ten new recovery codes; the former ones are worth nothing any more.

    All your logins end but the one that asks.
    """
    return _done(factors.renew_codes(browsers.again(), by), "")


def _asked(body: OptionsIn) -> Asked:
    if body.purpose is Purpose.LOGIN:
        return asking.to_log_in(sites.here())
    if body.purpose is Purpose.FACTOR:
        return asking.to_go_on(halfway.require(body.factor_token).reached.user_id, sites.here())
    return (asking.to_add if body.purpose is Purpose.ADD else asking.to_confirm)(me(), sites.here())


def _own(passkey: int, by: Viewer) -> PasskeyRow:
    found = next((one for one in factors.own(by).passkeys if one.id == passkey), None)
    if found is None:
        raise NotFound()
    return found


def _made(changed: Changed, say: str) -> Reply[ChangedOut]:
    value = _begun(changed)
    return _codes(changed) if changed.codes and wants_page() else Made(value, at=url_for(".index"), say=say)


def _done(changed: Changed, say: str) -> Reply[ChangedOut]:
    value = _begun(changed)
    return _codes(changed) if changed.codes and wants_page() else Done(value, at=url_for(".index"), say=say)


def _begun(changed: Changed) -> ChangedOut:
    """Let the new sign-in take the place of the one that asks. It is fresh no longer than that was."""
    login = browsers.begun(changed.login, fresh=identity.fresh_until())
    return ChangedOut(login=login, recovery_codes=changed.codes)


def _codes(changed: Changed) -> Page:
    """The recovery codes, on the one page that ever shows them."""
    return Page("factors/codes.html", codes=changed.codes)
