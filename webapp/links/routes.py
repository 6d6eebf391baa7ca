from flask import request, url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Form, Page, Reply
from webapp.links import confirming, holding, resetting
from webapp.links.schemas import AddressOut, ForgottenIn, NewPasswordIn

bp = Feature("links", "/auth")


@bp.page("/forgotten")
def forgotten_form() -> Page:
    """Asks for the address of whoever forgot their password; where no mail is sent, it says what to do."""
    return Page("links/forgotten.html", sends=holding.sends(), form=Form.of({}))


@bp.post("/forgotten", form="forgotten_form", anonymous=True)
def forgotten(body: ForgottenIn) -> Reply[None]:
    """Send a link to whoever has this address, by which they choose another password.

    The answer is the same whether somebody has it or not.
    """
    resetting.ask(body.email, address=request.remote_addr or "")
    say = "If that is the address of an account, a mail with a link is on its way. The link works for 30 minutes."
    return Done(None, at=url_for("auth.login_form"), say=say)


@bp.page("/reset/<token:token>", secret=True)
def reset_form(token: str) -> Page:
    """Asks whoever has such a link for another password."""
    resetting.require(token)
    return Page("links/reset.html", token=token, form=Form.of({}))


@bp.post("/reset/<token:token>", form="reset_form", secret=True, anonymous=True)
def reset(token: str, body: NewPasswordIn) -> Reply[None]:
    """Choose another password by the link of a mail. All logins of the account end; log in with the new password."""
    resetting.reset(token, body)
    say = "Your password is changed, and all your logins are ended. Log in with the new one."
    return Done(None, at=url_for("auth.login_form"), say=say)


@bp.get("/email", endpoint="address")
def show_address(by: Viewer) -> Reply[AddressOut]:
    """Your address, and whether it is confirmed."""
    address = confirming.of(by)
    return Page("links/address.html", address, address=address, sends=holding.sends(), form=Form.of({}))


@bp.post("/email/confirmation", form="address")
def ask_confirmation(by: Viewer) -> Reply[None]:
    """Send a link to your address that confirms it."""
    confirming.ask(by)
    return Done(None, at=url_for(".address"), say=f"A mail is on its way to {by.email}.")


@bp.page("/confirm/<token:token>", secret=True)
def confirm_form(token: str) -> Page:
    """Asks whoever has such a link to confirm: programs that look at links must change nothing."""
    return Page("links/confirm.html", token=token, email=confirming.get(token), form=Form.of({}))


@bp.post("/confirm/<token:token>", form="confirm_form", secret=True, anonymous=True)
def confirm(token: str) -> Reply[None]:
    """Confirm an address by the link of a mail."""
    confirming.confirm(token)
    return Done(None, at="/", say="Your address is confirmed.")
