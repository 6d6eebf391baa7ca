from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.http import Feature
from webapp.metrics import service as metrics

bp = Feature("metrics")


@bp.route("/metrics", methods=["GET"])
def show() -> AnyResponse:
    """What is counted, in Prometheus's text format, for whoever brings METRICS_TOKEN as a bearer token.

    Where that is unset nobody can, and nothing is counted.
    """
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not metrics.is_for(given.strip()):
        return Response("Bring METRICS_TOKEN as a bearer token.\n", 401, {"WWW-Authenticate": "Bearer"}, "text/plain")
    text, content_type = metrics.metrics()
    return Response(text, content_type=content_type)
