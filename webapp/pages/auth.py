from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request, url_for

from webapp import config as settings
from webapp import zones
from webapp.access import Viewer
from webapp.accounts.schemas import ProfileOut
from webapp.auth import agents, browsers, changing, passwords, sign_ins
from webapp.auth import service as auth
from webapp.auth.schemas import (
    AccessOut,
    ConfirmIn,
    CookieOut,
    LoginIn,
    PasswordIn,
    ProfileIn,
    RefreshIn,
    RegisterIn,
    SignInOut,
    TokenOut,
    UserOut,
)
from webapp.directory import entering as directory
from webapp.errors import Forbidden
from webapp.factors import entering, halfway, sites
from webapp.factors.entering import Halfway
from webapp.factors.rows import Answer
from webapp.factors.schemas import PasskeyLoginIn
from webapp.http import (
    Done,
    Feature,
    Form,
    Made,
    Page,
    Reply,
    csrf,
    identity,
    unsent,
    uploads,
    viewed,
)
from webapp.http.negotiation import wants_page
from webapp.http.reply import local
from webapp.i18n import _, languages
from webapp.links import confirming, registering
from webapp.links.schemas import SentOut
from webapp.paging import whole
from webapp.profiles import service as profiles
from webapp.settings import service as stored_settings
from webapp.sso import coming
from webapp.sso import service as sso
from webapp.sso.service import LinkNeeded
from webapp.types import Slice

bp = Feature("auth", "/auth")


@bp.page("/login")
def login_form() -> Page:
    """The login page, and why it is shown."""
    wanted = local(request.values.get("next"))
    why = _("Log in to go on.") if wanted != "/" else ""
    if unsent.typed(urlsplit(wanted).path):
        why += " " + _("Your text is kept.")
    form, onward = Form.of({"next": wanted}), browsers.onward(wanted)
    return Page("auth/login.html", form=form, why=why, onward=onward, **_ways())


@bp.post("/login", form="login_form", anonymous=True)
def login(body: LoginIn) -> Reply[TokenOut | CookieOut]:
    """Log in with e-mail and password.

    An account with a second factor needs that as well: `code` beside the password, or what the answer asks for.
    """
    came = directory.log_in(body, came=browsers.source, stay=halfway.stay(body))
    if isinstance(came, Halfway):
        return halfway.lead_on(came, body)
    if isinstance(came, LinkNeeded):
        return coming.asked_to_link(came, settings.of_this_app().directory)
    return Done(browsers.begun(came), at=local(body.next))


@bp.post("/login/passkey", form="login_form", anonymous=True)
def login_by_passkey(body: PasskeyLoginIn) -> Reply[TokenOut | CookieOut]:
    """Log in with a passkey alone, whose device knows who holds it."""
    answer = Answer(body.credential, body.challenge_token)
    login = directory.log_in_by_passkey(answer, sites.here(), came=browsers.source, stay=halfway.stay(body))
    return Done(browsers.begun(login), at=local(body.next))


@bp.page("/register")
def register_form() -> Page:
    """The registration page."""
    _require_open()
    wanted = local(request.values.get("next"))
    form, onward = Form.of({"next": wanted}), browsers.onward(wanted)
    return Page("auth/register.html", sends_mail=registering.by_link(), form=form, onward=onward)


@bp.post("/register", form="register_form", creates=True, anonymous=True, trapped=True)
def register(body: RegisterIn) -> Reply[UserOut | SentOut]:
    """Make an account.

    Where people get mail, it is made by the link of one: the answer is the same whether somebody has the address or
    not. Elsewhere it is made at once, and a browser is logged in to it.
    """
    _require_open()
    viewer = registering.register(body, address=request.remote_addr or "")
    if viewer is None:
        say = _("A mail is on its way to %(address)s. Its link makes your account, within a day.", address=body.email)
        return Made(SentOut(sent_to=body.email), at=browsers.to_log_in(body.next), say=say)
    if wants_page():
        browsers.sign_in(auth.begin(viewer, agent=request.user_agent.string, lasting=auth.BROWSER, proved=True))
    at = local(body.next) if wants_page() else url_for(".me")
    return Made(viewer, at=at, say=_("Welcome, %(name)s.", name=viewer.name) + confirming.told(viewer))


@bp.page("/confirm")
def confirm_form(by: Viewer) -> Reply[None]:
    """Asks somebody who is logged in for their password again, before what changes the locks."""
    wanted = local(request.values.get("next"))
    if request.method == "GET" and identity.is_fresh():
        return Done(None, at=wanted)
    is_kept = bool(unsent.typed(urlsplit(wanted).path))
    has_passkeys = by.has_factor and entering.has_passkeys(by.id)
    takes_password = settings.of_this_app().takes_passwords and sso.has_password(by.id)
    ways: dict[str, Any] = {"takes_password": bool(directory.label_for(by.id)) or takes_password}
    ways |= {"providers": sso.offered(by.id), "has_passkeys": has_passkeys}
    return Page("auth/confirm.html", form=Form.of({"next": wanted}), is_kept=is_kept, onward=wanted, **ways)


@bp.post("/confirm", form="confirm_form", throttled=True)
def confirm(body: ConfirmIn, by: Viewer) -> Reply[AccessOut | CookieOut]:
    """Enter your own password again, with a code if you have a second factor; or answer by a passkey.

    For a quarter of an hour what changes passwords, addresses, secrets, rights and logins is allowed then; before it,
    that is answered by 401.
    """
    source = browsers.source(by.email)
    if body.credential is None:
        directory.confirm(by, body, source=source)
    else:
        entering.confirm_by_passkey(by, Answer(body.credential, body.challenge_token), sites.here(), source=source)
    return Done(browsers.confirmed(), at=local(body.next))


@bp.post("/logout")
def logout() -> Reply[None]:
    """End this sign-in. Its tokens are refused from now on."""
    who = identity.identity()
    if who is not None:
        auth.log_out(who.claims["sid"])
    identity.sign_out()
    unsent.forget()
    viewed.forget()
    return Done(None, at=url_for(".login_form"), say=_("You are logged out."))


@bp.post("/refresh", anonymous=True)
def refresh(body: RefreshIn) -> Reply[TokenOut | CookieOut]:
    """Exchange a refresh token for new tokens; without one, renew the cookie."""
    if body.refresh_token is not None:
        return Done(browsers.token_of(auth.refresh(body.refresh_token, browsers.refresh_key())), at="/")
    csrf.check(anonymous=False)
    lasts, token = identity.renew()
    return Done(CookieOut(expires_in=lasts, csrf_token=token), at="/")


@bp.get("/me", endpoint="me")
def show_me(by: Viewer) -> Reply[UserOut]:
    """Who is logged in."""
    return Page(
        "auth/me.html",
        by,
        user=by,
        form=lambda: Form.of(by),
        zones=lambda: zones.offered(by.time_zone),
        languages=languages.choices(by.language),
    )


@bp.patch("/me", form="me")
def update_me(body: ProfileIn, by: Viewer) -> Reply[UserOut]:
    """Change one's own name, handle, time zone or language."""
    changed = auth.edit(by, body)
    identity.become(changed)
    return Done(changed, at=url_for(".me"), say=_("Saved."))


@bp.post("/me/avatar", form="me", upload=True)
def put_avatar(by: Viewer) -> Reply[ProfileOut]:
    """Upload a picture of oneself: the field `file` of a multipart form. Its middle is kept, small."""
    return Done(profiles.put_picture(uploads.sent_file().stream, by), at=url_for(".me"), say=_("Saved."))


@bp.delete("/me/avatar")
def remove_avatar(by: Viewer) -> Reply[None]:
    """Take one's picture away; initials take its place."""
    profiles.remove_picture(by)
    return Done(None, at=url_for(".me"), say=_("Your picture is gone."))


@bp.page("/password")
def password_form(by: Viewer) -> Page:
    """The form that changes one's own password; who has none is told where to log in."""
    there = directory.label_for(by.id)
    if not there:
        passwords.require_taken()
    has_password = sso.has_password(by.id)
    form = Form.of({"revoke_tokens": True})
    return Page("auth/password.html", form=form, has_password=has_password, directory=there)


@bp.post("/password", form="password_form", throttled=True)
def change_password(body: PasswordIn, by: Viewer) -> Reply[TokenOut | CookieOut]:
    """Change one's own password.

    All one's logins end; the one that asks is given new tokens, or a new cookie, in their place.
    """
    directory.require_password_here(by)
    login = changing.change_password(by, body, source=browsers.source(by.email), **browsers.as_before())
    return Done(
        browsers.begun(login), at=url_for(".me"), say=_("Your password is changed. All your other logins are ended.")
    )


@bp.get("/sign-ins", endpoint="sign_ins")
def list_sign_ins(by: Viewer) -> Reply[Slice[SignInOut]]:
    """Where you are logged in: this login first, then the latest."""
    listed = sign_ins.listing(by, identity.here())
    return Page("auth/sign_ins.html", whole(listed), sign_ins=listed, called=lambda: agents.called)


@bp.delete("/sign-ins", form="sign_ins")
def end_other_sign_ins(by: Viewer) -> Reply[None]:
    """Log out everywhere else."""
    sign_ins.end_others(by, identity.here())
    return Done(None, at=url_for(".sign_ins"), say=_("You are logged out everywhere else."))


@bp.delete("/sign-ins/<number:sign_in>", form="sign_ins")
def end_sign_in(sign_in: int, by: Viewer) -> Reply[None]:
    """End one of your logins. Its tokens are refused from now on."""
    sign_ins.end(by, sign_in)
    if sign_in != identity.here():
        return Done(None, at=url_for(".sign_ins"), say=_("That login is ended."))
    identity.sign_out()
    return Done(None, at=url_for(".login_form"), say=_("You are logged out."))


def _ways() -> dict[str, Any]:
    """By what somebody may log in here."""
    known = settings.of_this_app()
    return {"directory": known.directory, "takes_passwords": known.takes_passwords, "providers": known.providers}


def _require_open() -> None:
    passwords.require_taken()
    stored_settings.refresh()  # who asks has no login that would tell
    if current_app.config["SETTINGS"].registration == "closed":
        raise Forbidden(_("Registration is closed here. Ask an administrator for an account."))
