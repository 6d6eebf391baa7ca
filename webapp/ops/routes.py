from flask import Response, jsonify
from werkzeug.wrappers import Response as AnyResponse

from webapp.errors import Unavailable
from webapp.http import Feature
from webapp.ops import service as ops

bp = Feature("ops")


@bp.route("/healthz", methods=["GET"])
def healthz() -> AnyResponse:
    """Whether the process is up. Asks nothing of the database."""
    return jsonify(status="ok")


@bp.route("/readyz", methods=["GET"])
def readyz() -> AnyResponse:
    """Whether the database answers and is migrated; 503 with the reason otherwise.

    Files that are another database's are told too, but pages do not need them.
    """
    reason = ops.unready()
    if reason:
        raise Unavailable(reason)
    trouble = ops.files_trouble()
    return jsonify(status="ready", files=trouble) if trouble else jsonify(status="ready")


@bp.route("/robots.txt", methods=["GET"])
def robots() -> AnyResponse:
    """Crawlers may read what anybody may read; a login or a form is nothing to them."""
    return Response("User-agent: *\nDisallow: /auth/\n", mimetype="text/plain")
