from flask import request, url_for

from webapp.access import Viewer
from webapp.auth import browsers
from webapp.auth import service as auth
from webapp.auth.schemas import UserOut
from webapp.http import Done, Feature, Form, Made, Page, Reply
from webapp.http.negotiation import wants_page
from webapp.i18n import _
from webapp.links import confirming
from webapp.people import claiming
from webapp.people.schemas import ClaimantIn, ClaimedOut

bp = Feature("claiming", "/claims")


@bp.get("/<token:token>", secret=True)
def show(token: str) -> Reply[ClaimedOut]:
    """Which imported person the holder of a link is invited to be."""
    claimed = claiming.get(token)
    form, takes = Form.of({"name": claimed.name}), claiming.takes_passwords
    return Page("claiming/show.html", claimed, claimed=claimed, token=token, form=form, takes_passwords=takes)


@bp.post("/<token:token>", form="show", secret=True)
def accept(token: str, by: Viewer) -> Reply[None]:
    """Let all that stands under the imported name be yours. The link is used up."""
    claiming.accept(token, by)
    say = _("All that was imported under that name is yours now.")
    return Done(None, at=url_for("accounts.show", user=by.id), say=say)


@bp.post("/<token:token>/account", form="show", creates=True, secret=True, anonymous=True)
def register(token: str, body: ClaimantIn) -> Reply[UserOut]:
    """Choose a password, also where registration is closed, and be that person. The link is used up."""
    person = claiming.register(token, body, address=request.remote_addr or "")
    if wants_page():
        browsers.sign_in(auth.begin(person, agent=request.user_agent.string, lasting=auth.BROWSER, proved=True))
    back = url_for("accounts.show", user=person.id)
    say = _("Welcome, %(name)s. All that was imported under that name is yours now.", name=person.name)
    return Made(person, at=url_for("auth.me"), back=back, say=say + confirming.told(person))
