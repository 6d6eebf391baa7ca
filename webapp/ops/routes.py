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
    """Whether the database answers, is migrated and can be changed; 503 with the reason otherwise.

    `notes` say what works but should be looked after. Files that are another database's are told too, but pages
    do not need them.
    """
    readiness = ops.readiness()
    if readiness.reason:
        raise Unavailable(readiness.reason)
    told = {"notes": readiness.notes, "files": ops.files_trouble()}
    return jsonify(status="ready", **{name: said for name, said in told.items() if said})


@bp.route("/robots.txt", methods=["GET"])
def robots() -> AnyResponse:
    """Crawlers may read what anybody may read; a login or a form is nothing to them."""
    return Response("User-agent: *\nDisallow: /auth/\n", mimetype="text/plain")
