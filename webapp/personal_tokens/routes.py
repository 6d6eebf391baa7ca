from typing import Any

from flask import request, url_for

from webapp.access import Viewer
from webapp.auth import agents, expiring
from webapp.auth.limiting import Limits
from webapp.feeds import service as feeds
from webapp.http import Done, Feature, Form, Made, Page, Reply
from webapp.http.negotiation import wants_page
from webapp.i18n import _
from webapp.paging import whole
from webapp.personal_tokens import service as tokens
from webapp.personal_tokens.schemas import PersonalTokenIn, PersonalTokenMade, PersonalTokenOut
from webapp.projects import limiting
from webapp.types import Slice

bp = Feature("personal_tokens", "/auth/tokens")


@bp.get("")
def index(by: Viewer) -> Reply[Slice[PersonalTokenOut]]:
    """Your personal access tokens, the newest first."""
    return _listed(by)


@bp.post("", form="index", creates=True, secret=True)
def create(body: PersonalTokenIn, by: Viewer) -> Reply[PersonalTokenMade]:
    """Make a personal access token, with which a program may ask in your name.

    It is told only now. Send it as `Authorization: Bearer cairn_pat_…`.
    """
    row, token = tokens.create(body, agent=request.user_agent.string, by=by)
    made = PersonalTokenMade(**PersonalTokenOut.model_validate(row).model_dump(), token=token)
    return _listed(by, made=made) if wants_page() else Made(made, at=url_for(".index"))


@bp.page("/<number:personal_token>/edit")
def edit(personal_token: int, by: Viewer) -> Page:
    """The form that limits a token to other projects."""
    token = tokens.own(personal_token, by)
    form = Form.of(limiting.form_of(token.projects, by))
    return Page("personal_tokens/edit.html", token=token, form=form, few=limiting.FEW, projects=limiting.offered(by))


@bp.patch("/<number:personal_token>", form="edit")
def update(personal_token: int, body: Limits, by: Viewer) -> Reply[PersonalTokenOut]:
    """Limit a token to other projects, or to none. Whatever asks with it reaches these from now on."""
    return Done(tokens.edit(personal_token, body, by), at=url_for(".index"), say=_("Saved."))


@bp.delete("/<number:personal_token>", form="index")
def revoke(personal_token: int, by: Viewer) -> Reply[None]:
    """Revoke a token. Whatever asks with it is refused from now on."""
    tokens.revoke(personal_token, by=by)
    return Done(None, at=url_for(".index"), say=_("The token is revoked."))


@bp.delete("", form="index")
def revoke_all(by: Viewer) -> Reply[None]:
    """Revoke all of your personal access tokens."""
    tokens.revoke_all(by)
    return Done(None, at=url_for(".index"), say=_("Your personal access tokens are revoked."))


def _listed(by: Viewer, **dressing: Any) -> Page:
    """A page shows a new token at once, because nothing keeps it for a later one."""
    listed = tokens.listing(by)
    return Page(
        "personal_tokens/index.html",
        whole(listed),
        tokens=listed,
        feed_tokens=lambda: feeds.listing(by),
        form=lambda: Form.of({"days": str(tokens.USUAL), "scope": "read"}),
        offered=expiring.OFFERED,
        projects=lambda: limiting.offered(by),
        few=limiting.FEW,
        called=lambda: agents.called,
        **{"made": None, **dressing},
    )
