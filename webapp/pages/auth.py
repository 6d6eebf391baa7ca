from urllib.parse import urlsplit

from flask import current_app, request, url_for

from webapp import zones
from webapp.access import Viewer
from webapp.accounts.schemas import ProfileOut
from webapp.auth import agents, browsers, sign_ins
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
from webapp.errors import Forbidden
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
from webapp.types import Slice

bp = Feature("auth", "/auth")


@bp.page("/login")
def login_form() -> Page:
    """The login page, and why it is shown."""
    wanted = local(request.values.get("next"))
    why = _("Log in to go on.") if wanted != "/" else ""
    if unsent.typed(urlsplit(wanted).path):
        why += " " + _("Your text is kept.")
    return Page("auth/login.html", form=Form.of({"next": wanted}), why=why, onward=browsers.onward(wanted))


@bp.post("/login", form="login_form", anonymous=True)
def login(body: LoginIn) -> Reply[TokenOut | CookieOut]:
    """Log in with e-mail and password."""
    browser = wants_page() or body.cookie
    login = auth.login(
        body,
        source=browsers.source(body.email),
        lasting=(auth.REMEMBERED if body.remember else auth.BROWSER) if browser else auth.CLIENT,
        refresh_key=None if browser else browsers.refresh_key(),
    )
    return Done(browsers.begun(login), at=local(body.next))


@bp.page("/register")
def register_form() -> Page:
    """The registration page."""
    _require_open()
    wanted = local(request.values.get("next"))
    form, onward = Form.of({"next": wanted}), browsers.onward(wanted)
    return Page("auth/register.html", sends_mail=registering.by_link(), form=form, onward=onward)


@bp.post("/register", form="register_form", creates=True, anonymous=True)
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
    return Page("auth/confirm.html", form=Form.of({"next": wanted}), is_kept=is_kept, onward=wanted)


@bp.post("/confirm", form="confirm_form", throttled=True)
def confirm(body: ConfirmIn, by: Viewer) -> Reply[AccessOut | CookieOut]:
    """Enter your own password again.

    For a quarter of an hour what changes passwords, addresses, secrets, rights and logins is allowed then; before it,
    that is answered by 401.
    """
    auth.require_password(by, body.password, source=browsers.source(by.email), field="password")
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
    """The form that changes one's own password."""
    return Page("auth/password.html", form=Form.of())


@bp.post("/password", form="password_form", throttled=True)
def change_password(body: PasswordIn, by: Viewer) -> Reply[TokenOut | CookieOut]:
    """Change one's own password.

    All one's logins end; the one that asks is given new tokens, or a new cookie, in their place.
    """
    login = auth.change_password(by, body, source=browsers.source(by.email), **browsers.as_before())
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


def _require_open() -> None:
    if current_app.config["SETTINGS"].registration == "closed":
        raise Forbidden(_("Registration is closed here. Ask an administrator for an account."))
