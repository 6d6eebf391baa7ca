"""What browsers are told to refuse: the same for pages and for files."""

from collections.abc import Mapping

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "object-src 'none'; report-to policy"
)
# A script may only make pages of what one function has seen: `parsed` in static/js/shared/fresh.js.
PAGES = f"{STRICT}; require-trusted-types-for 'script'; trusted-types cairn"
# The two readers of the API's description make pages as they like; nothing of a user's is shown there.
SWAGGER = STRICT
# ReDoc writes its styles into the page as well, and its logo is a data: image.
REDOC = STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
BY_ENDPOINT = {"docs.swagger": SWAGGER, "docs.redoc": REDOC}
REPORTS = "/reports"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
OF_OUR_OWN = {"Cross-Origin-Resource-Policy": "same-origin"}
SECURE = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
# Pictures and scripts that are opened by themselves show nothing else and do nothing.
OF_FILES = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# What an element of a page asks for. By fetch, a listed origin may ask; a person follows links.
EMBEDDED = frozenset(
    {
        "audio", "audioworklet", "embed", "fencedframe", "font", "frame", "iframe", "image", "manifest", "object",
        "paintworklet", "report", "script", "serviceworker", "sharedworker", "style", "track", "video", "worker",
        "xslt",
    }
)  # fmt: skip


def is_embedded(environ: Mapping[str, str]) -> bool:
    """Whether another site's page wants to show or run this as a part of itself."""
    elsewhere = environ.get("HTTP_SEC_FETCH_SITE", "none") in ("cross-site", "same-site")
    return elsewhere and environ.get("HTTP_SEC_FETCH_DEST", "") in EMBEDDED
