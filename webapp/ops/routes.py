from flask import Response, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.errors import Unavailable
from webapp.http import Feature, admission, policies
from webapp.ops import reports
from webapp.ops import service as ops

bp = Feature("ops")


@bp.route("/healthz", methods=["GET"])
def healthz() -> AnyResponse:
    """Whether the process is up. Asks nothing of the database.

    `ask`, 32 hexadecimal digits, is answered with what only this installation can say to it.
    """
    asked = request.args.get("ask", "")
    return jsonify(status="ok", answer=ops.proof(asked)) if ops.ASKED.fullmatch(asked) else jsonify(status="ok")


@bp.route("/readyz", methods=["GET"])
def readyz() -> AnyResponse:
    """Whether the server stays, and the database answers, is migrated and can be changed; else 503 and why.

    `notes` say what works but should be looked after. Files that are another database's are told too, but pages
    do not need them.
    """
    if admission.is_leaving():
        raise Unavailable("The server is about to stop.")
    readiness = ops.readiness()
    if readiness.reason:
        raise Unavailable(readiness.reason)
    told = {"notes": readiness.notes, "files": ops.files_trouble(at_once=True)}
    return jsonify(status="ready", **{name: said for name, said in told.items() if said})


@bp.route(policies.REPORTS, methods=["POST"])
def report() -> AnyResponse:
    """Takes what browsers report of what our policy made them refuse."""
    request.max_content_length = reports.LARGEST
    reports.note(request.get_data())
    return Response(status=204)


@bp.route("/robots.txt", methods=["GET"])
def robots() -> AnyResponse:
    """Crawlers may read what anybody may read; a login or a form is nothing to them."""
    return Response("User-agent: *\nDisallow: /auth/\n", mimetype="text/plain")
