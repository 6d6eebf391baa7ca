"""What every answer carries: security headers, caching rules, and what it varies with."""

from flask import Flask, Response, current_app, request
from flask_cors import CORS

from webapp.config import Settings
from webapp.http.feature import methods_for_clients
from webapp.http.negotiation import wants_page

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
# ReDoc writes its styles into the page and its logo is a data: image; nothing of a user's is shown there.
REDOC = STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
VARY = ("Accept", "Authorization", "Cookie", "Origin")
METHODS = ["GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"]


def init_app(app: Flask, settings: Settings) -> None:
    """After-request functions run last registered first: CORS answers, then we take back and add."""
    app.after_request(_secure)
    app.after_request(lambda response: _only_listed(response, settings.origins))
    if settings.origins:
        CORS(
            app,
            origins=list(settings.origins),
            supports_credentials=True,
            always_send=False,
            methods=METHODS,
            allow_headers=[
                "Authorization",
                "Content-Type",
                "X-CSRF-TOKEN",
                "Idempotency-Key",
                "If-Match",
                "If-None-Match",
            ],
            expose_headers=["Location", "ETag", "Idempotent-Replayed", "Retry-After", "X-Request-ID"],
            max_age=600,
        )


def _secure(response: Response) -> Response:
    headers = response.headers
    if _is_secret():
        # The page's address must not reach a log as a Referer. `no-referrer` would do that as well, but its
        # forms would be sent with the Origin `null`, which is refused.
        headers.setdefault("Referrer-Policy", "strict-origin")
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    if "Allow" in headers and not wants_page():
        headers["Allow"] = ", ".join(methods_for_clients(headers["Allow"].split(", ")))
    headers.setdefault("Content-Security-Policy", REDOC if request.endpoint == "docs.redoc" else STRICT)
    headers.setdefault("Cache-Control", _caching())
    if "Access-Control-Allow-Origin" not in headers:
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if response.status_code == 204:
        headers.pop("Content-Type", None)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    response.vary.update(VARY)
    return response


def _caching() -> str:
    """Nothing of a login or a secret may be kept; other answers may, but are asked for again, so that Back works."""
    return "no-store" if request.path.startswith("/auth/") or _is_secret() else "private, no-cache"


def _is_secret() -> bool:
    operation = getattr(current_app.view_functions.get(request.endpoint or ""), "operation", None)
    return operation is not None and operation.secret


def _only_listed(response: Response, origins: tuple[str, ...]) -> Response:
    """CORS is for data, and for exactly the listed origins: Flask-CORS also compares without case."""
    allowed = response.headers.get("Access-Control-Allow-Origin")
    if allowed is not None and (
        allowed not in origins or (response.mimetype == "text/html" and request.method != "OPTIONS")
    ):
        for name, _ in list(response.headers):
            if name.startswith("Access-Control-"):
                del response.headers[name]
    return response
