from typing import Any

from flask import current_app, jsonify
from werkzeug.wrappers import Response

from webapp.http import Feature, Page
from webapp.http.openapi import document

bp = Feature("docs")


@bp.route("/openapi.json", methods=["GET"])
def openapi() -> Response:
    """The API's description, made from the operations themselves."""
    made: dict[str, Any] | None = current_app.extensions.get("cairn-openapi")
    if made is None:
        made = current_app.extensions["cairn-openapi"] = document(current_app)
    return jsonify(made)


@bp.page("/docs")
def swagger() -> Page:
    """The API in Swagger UI."""
    return Page("docs/swagger.html", csrf_cookie=current_app.config["JWT_ACCESS_CSRF_COOKIE_NAME"])


@bp.page("/redoc")
def redoc() -> Page:
    """The API in ReDoc."""
    return Page("docs/redoc.html")
