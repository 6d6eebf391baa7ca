from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.access import Viewer
from webapp.accounts import service as accounts
from webapp.accounts.schemas import ProfileOut
from webapp.attachments import storage
from webapp.errors import NotFound
from webapp.http import Feature, Page, Reply, viewer
from webapp.http.reply import Sent
from webapp.text import pictures

bp = Feature("accounts", "/users")


@bp.get("/<number:user>")
def show(user: int, by: Viewer | None) -> Reply[ProfileOut]:
    """Somebody, with what they have to do with you."""
    person = accounts.get(user, by)
    return Page(
        "accounts/show.html",
        person,
        person=person,
        parts=lambda: accounts.parts(person, by),
        deeds=lambda: accounts.deeds(person, by),
    )


@bp.get("/<number:user>/avatar")
def picture(user: int, by: Viewer | None) -> Reply[bytes]:
    """The picture that somebody uploaded."""
    person = accounts.get(user, by)
    if person.avatar is None:
        raise NotFound()
    return Sent(storage.path_of(person.avatar), "image/webp", "avatar.webp", etag=person.avatar, inline=True)


@bp.route("/<number:user>/avatar.svg", methods=["GET"])
def avatar(user: int) -> AnyResponse:
    """Somebody's initials as a picture."""
    person = accounts.get(user, viewer())
    response = Response(pictures.drawn(person.id, person.name), mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    if request.args.get("v") == pictures.version(person.id, person.name):
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
