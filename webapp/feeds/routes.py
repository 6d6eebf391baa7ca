from typing import Any

from flask import request, url_for

from webapp.feeds import addresses
from webapp.feeds import service as feeds
from webapp.feeds.schemas import FeedTokenIn, FeedTokenMade, FeedTokenOut
from webapp.http import Done, Feature, Form, Made, Page, Reply, me
from webapp.http.negotiation import wants_page

bp = Feature("feeds")


@bp.get("/auth/feeds")
def tokens() -> Reply[list[FeedTokenOut]]:
    """Your tokens for feeds, the newest first."""
    return _tokens()


@bp.post("/auth/feeds", form="tokens", creates=True, secret=True)
def create(body: FeedTokenIn) -> Reply[FeedTokenMade]:
    """Make a token with which a calendar or a feed reader may read what you may read."""
    row, secret = feeds.create(body.name, by=me())
    told = addresses.of(body.list, secret) if body.list else []
    made = FeedTokenMade(**FeedTokenOut.model_validate(row).model_dump(), token=secret, addresses=told)
    return _tokens(made=made) if wants_page() else Made(made, at=url_for(".tokens"))


@bp.delete("/auth/feeds/<number:feed_token>")
def revoke(feed_token: int) -> Reply[None]:
    """Take a token back. Whatever reads with it is refused from now on."""
    feeds.revoke(feed_token, by=me())
    return Done(None, at=url_for(".tokens"), say="The token is revoked.")


def _tokens(**dressing: Any) -> Page:
    """A page shows a new token at once, because nothing keeps it for a later one."""
    listed = feeds.listing(me())
    form = Form.of({"list": request.values.get("list", "")})
    return Page("feeds/tokens.html", listed, tokens=listed, form=form, **{"made": None, **dressing})
