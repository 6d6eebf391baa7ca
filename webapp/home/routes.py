from flask import json, make_response, url_for
from werkzeug.wrappers import Response

from webapp.access import Viewer
from webapp.home import installing, starting
from webapp.home import service as home
from webapp.home.schemas import AppearanceIn, HomeOut
from webapp.home.service import Home
from webapp.http import Done, Feature, Form, Page, Reply, choices, viewed
from webapp.http.negotiation import wants_page
from webapp.http.pages import kept
from webapp.http.times import zone_name
from webapp.i18n import _

bp = Feature("home")


@bp.get("/")
def index(by: Viewer | None) -> Reply[HomeOut]:
    """What waits for the caller, and what happened in their projects."""
    seen = viewed.ids(by.id) if by else []
    made_of = home.edition(by) if wants_page() else None
    if made_of is None:
        return _shown(home.of(by, seen), by)
    return kept((made_of, *seen), lambda: _shown(home.of(by, seen, is_invited=False), by))


@bp.route("/manifest.webmanifest", methods=["GET"])
def manifest() -> Response:
    """What a browser needs to know to install Cairn; the same for all who accept the same language."""
    response = make_response(json.dumps(installing.manifest()))
    response.headers["Content-Type"] = "application/manifest+json"
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.vary.add("Accept-Language")
    return response


@bp.page("/login")
def login() -> Reply[None]:
    """The login under its short address."""
    return Done(None, at=url_for("auth.login_form"))


@bp.page("/register")
def register() -> Reply[None]:
    """The registration under its short address."""
    return Done(None, at=url_for("auth.register_form"))


@bp.page("/appearance")
def appearance() -> Page:
    """How this browser shows its pages: light, dark, or as the system says; and how close its lists are."""
    chosen = {"theme": choices.theme.chosen() or "system", "density": choices.density.chosen() or "comfortable"}
    return Page("home/appearance.html", form=Form.of(chosen))


@bp.page("/appearance", method="POST", form="appearance", anonymous=True)
def change_appearance(body: AppearanceIn) -> Reply[None]:
    """Choose it. It is this browser's, so nobody needs an account for it."""
    for choice, value in ((choices.theme, body.theme), (choices.density, body.density)):
        if value:
            choice.choose(value)
    return Done(None, at=url_for(".appearance"), say=_("Saved."))


def _shown(found: Home, by: Viewer | None) -> Page:
    return Page(
        "home/index.html",
        found,
        home=found,
        desk=lambda: home.desk(found),
        steps=lambda: starting.steps(by, found) if by else None,
        days=lambda: home.by_day(found.activity, zone_name()),
    )
