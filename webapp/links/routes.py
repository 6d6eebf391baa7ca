from flask import request, url_for

from webapp.access import Viewer
from webapp.auth import browsers, passwords
from webapp.auth import service as auth
from webapp.auth.schemas import CookieOut, TokenOut, UserOut
from webapp.config import of_this_app
from webapp.http import Done, Feature, Form, Made, Page, Reply
from webapp.http.negotiation import wants_page
from webapp.http.reply import local
from webapp.i18n import _
from webapp.links import confirming, holding, moving, registering, resetting
from webapp.links.schemas import AddressIn, AddressOut, FinishIn, ForgottenIn, NewPasswordIn, UndoneOut

bp = Feature("links", "/auth")


@bp.page("/forgotten")
def forgotten_form() -> Page:
    """Asks for the address of whoever forgot their password; where no mail is sent, it says what to do."""
    passwords.require_taken()
    wanted = local(request.values.get("next"))
    form, onward = Form.of({"next": wanted}), browsers.onward(wanted)
    there = of_this_app().directory
    return Page("links/forgotten.html", sends=holding.sends(), form=form, onward=onward, directory=there)


@bp.post("/forgotten", form="forgotten_form", anonymous=True)
def forgotten(body: ForgottenIn) -> Reply[None]:
    """Send a link to whoever has this address, by which they choose another password.

    The answer is the same whether somebody has it or not.
    """
    resetting.ask(body, address=request.remote_addr or "")
    say = _("If that is the address of an account, a mail with a link is on its way. The link works for 30 minutes.")
    return Done(None, at=browsers.to_log_in(body.next), say=say)


@bp.page("/reset/<token:token>", secret=True)
def reset_form(token: str) -> Page:
    """Asks whoever has such a link for another password."""
    resetting.require(token)
    return Page("links/reset.html", token=token, form=Form.of({}))


@bp.post("/reset/<token:token>", form="reset_form", secret=True, anonymous=True)
def reset(token: str, body: NewPasswordIn) -> Reply[None]:
    """Choose another password by the link of a mail. All logins of the account end; log in with the new password."""
    onward = resetting.reset(token, body)
    say = _("Your password is changed, and all your logins are ended. Log in with the new one.")
    return Done(None, at=browsers.to_log_in(onward), say=say)


@bp.get("/email", endpoint="address")
def show_address(by: Viewer) -> Reply[AddressOut]:
    """Your address, and whether it is confirmed."""
    address = confirming.of(by)
    return Page("links/address.html", address, address=address, sends=holding.sends(), form=Form.of({}))


@bp.post("/email", form="address")
def ask_move(body: AddressIn, by: Viewer) -> Reply[None]:
    """Ask for another address. It counts once the link that is sent there was followed.

    The answer is the same whether somebody has that address or not.
    """
    moving.ask(by, body)
    say = _(
        "A mail is on its way to %(address)s. Its link makes that your address, within a day.", address=body.email
    )
    return Done(None, at=url_for(".address"), say=say)


@bp.post("/email/confirmation", form="address")
def ask_confirmation(by: Viewer) -> Reply[None]:
    """Send a link to your address that confirms it."""
    confirming.ask(by)
    return Done(None, at=url_for(".address"), say=_("A mail is on its way to %(address)s.", address=by.email))


@bp.page("/confirm/<token:token>", secret=True)
def confirm_form(token: str) -> Page:
    """Asks whoever has such a link to confirm: programs that look at links must change nothing."""
    return Page("links/confirm.html", token=token, email=confirming.get(token), form=Form.of({}))


@bp.post("/confirm/<token:token>", form="confirm_form", secret=True, anonymous=True)
def confirm(token: str) -> Reply[None]:
    """Confirm an address by the link of a mail."""
    confirming.confirm(token)
    return Done(None, at="/", say=_("Your address is confirmed."))


@bp.page("/register/<token:token>", secret=True)
def finish_form(token: str) -> Page:
    """Asks whoever has such a link for the password that they chose."""
    return Page("links/finish.html", token=token, email=registering.get(token), form=Form.of({}))


@bp.post("/register/<token:token>", form="finish_form", creates=True, secret=True, anonymous=True)
def finish(token: str, body: FinishIn) -> Reply[UserOut]:
    """Make the account that was asked for, by the link of a mail. A browser is logged in to it at once."""
    person, onward = registering.finish(token, body, address=request.remote_addr or "")
    if wants_page():
        browsers.sign_in(auth.begin(person, agent=request.user_agent.string, lasting=auth.BROWSER, proved=True))
    return Made(person, at=url_for("auth.me"), back=local(onward), say=_("Welcome, %(name)s.", name=person.name))


@bp.page("/move/<token:token>", secret=True)
def move_form(token: str, by: Viewer) -> Page:
    """Asks before the address of a link takes the place of one's own."""
    return Page("links/move.html", token=token, email=moving.get(token, by), form=Form.of({}))


@bp.post("/move/<token:token>", form="move_form", secret=True)
def move(token: str, by: Viewer) -> Reply[TokenOut | CookieOut]:
    """Let the address of a link be yours.

    All your logins end; the one that asks is given new tokens, or a new cookie, in their place.
    """
    login = moving.move(token, by, agent=request.user_agent.string, **browsers.as_before())
    say = _("Your address is %(address)s now.", address=login.viewer.email)
    return Done(browsers.begun(login), at=url_for(".address"), say=say)


@bp.page("/undo/<token:token>", secret=True)
def undo_form(token: str) -> Page:
    """Asks before an account gets back the address that it had."""
    return Page("links/undo.html", token=token, email=moving.former(token), form=Form.of({}))


@bp.post("/undo/<token:token>", form="undo_form", secret=True, anonymous=True)
def undo(token: str) -> Reply[UndoneOut]:
    """Give an account back the address that it had. All its logins end.

    A browser is led on to another password, or to the login where the account has none.
    """
    email, reset = moving.undo(token)
    if reset is None:
        say = _("Your address is %(address)s again, and all logins are ended. Log in anew.", address=email)
        return Done(UndoneOut(email=email, reset=None), at=browsers.to_log_in(None), say=say)
    link = url_for(".reset", token=reset)
    say = _(
        "Your address is %(address)s again, and all logins are ended. Now choose another password.", address=email
    )
    return Done(UndoneOut(email=email, reset=link), at=url_for(".reset_form", token=reset), say=say)
