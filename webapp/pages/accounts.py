from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.access import Viewer
from webapp.accounts.schemas import ProfileOut
from webapp.attachments import storage
from webapp.errors import NotFound
from webapp.http import Feature, Page, Reply, viewer
from webapp.http.reply import Sent
from webapp.profiles import service as profiles
from webapp.text import pictures

bp = Feature("accounts", "/users")


@bp.get("/<number:user>")
def show(user: int, by: Viewer | None) -> Reply[ProfileOut]:
    """Somebody, with what they have to do with you."""
    person = profiles.get(user, by)
    return Page(
        "accounts/show.html",
        person,
        person=person,
        parts=lambda: profiles.parts(person, by),
        deeds=lambda: profiles.deeds(person, by),
    )


@bp.get("/<number:user>/avatar")
def picture(user: int, by: Viewer | None) -> Reply[bytes]:
    """The picture that somebody uploaded."""
    person = profiles.get(user, by)
    if person.avatar is None:
        raise NotFound()
    return Sent(storage.file(person.avatar), "image/webp", "avatar.webp", etag=person.avatar, inline=True)


@bp.route("/<number:user>/avatar.svg", methods=["GET"])
def avatar(user: int) -> AnyResponse:
    """Somebody's initials as a picture."""
    person = profiles.get(user, viewer())
    response = Response(pictures.drawn(person.id, person.name), mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    if request.args.get("v") == pictures.version(person.id, person.name):
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
