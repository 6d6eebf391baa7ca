"""Static files: one style sheet and one script joined at start, and an address that changes with any file.

The address holds a hash of the whole tree, so browsers may keep every file for ever.
"""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app
from whitenoise import WhiteNoise

from webapp.config import ROOT

STATIC = ROOT / "static"
STYLES = ("tokens.css", "reset.css", "base.css", "layout.css", "components/*.css", "pages/*.css", "media.css")
SCRIPTS = ("shared/*.js", "elements/*.js")
RULES = "speculation.json"  # which links a browser may follow before they are clicked


def init_app(app: Flask) -> None:
    joined = {
        "app.css": "\n".join(f"/* {p.name} */\n{p.read_text()}" for p in _listed(STATIC / "css", STYLES)),
        "app.js": "\n".join(f"/* {p.name} */ {{\n{p.read_text()}\n}}" for p in _listed(STATIC / "js", SCRIPTS)),
    }
    prefix = f"static/{_tree_hash()}"
    app.config["ASSETS"] = f"/{prefix}/"
    for name, text in joined.items():
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        app.add_url_rule(f"/{prefix}/{name}", f"joined_{name[4:]}", _serving(text, kind))
    app.add_url_rule("/favicon.ico", "favicon", lambda: current_app.redirect(asset("favicon.svg"), 301))
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix=prefix,
        max_age=31_536_000,
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
        mimetypes={RULES: "application/speculationrules+json"},
        add_headers_function=_protect,
    )


def asset(name: str) -> str:
    """The address of a static file."""
    return f"{current_app.config['ASSETS']}{name}"


def _listed(folder: Path, patterns: tuple[str, ...]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(folder.glob(pattern))]


def _tree_hash() -> str:
    tree = hashlib.blake2b(digest_size=6)
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            tree.update(str(path.relative_to(STATIC)).encode() + b"\0" + path.read_bytes())
    return tree.hexdigest()


def _serving(text: str, kind: str) -> Any:
    def serve() -> Response:
        response = Response(text, mimetype=kind)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    return serve


def _protect(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
