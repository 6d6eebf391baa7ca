"""Static files: one style sheet and one script joined at start, and an address that changes with any file.

What every page asks for is packed as well as can be.

The address holds a hash of the whole tree, so browsers may keep every file for ever. The script is there in each
language, `app.de.js`: its words stand in it, and no page carries them.
"""

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import brotli
from backports import zstd
from flask import Flask, Response, current_app, request
from whitenoise import WhiteNoise

from webapp.config import ROOT, Settings
from webapp.http.policies import ALWAYS, OF_FILES, OF_OUR_OWN, SECURE
from webapp.i18n import catalogues, formats, language, languages
from webapp.i18n.catalogues import catalogue

STATIC = ROOT / "static"
STYLES = ("tokens.css", "reset.css", "base.css", "layout.css", "components/*.css", "pages/*.css", "media.css")
SCRIPTS = ("shared/*.js", "elements/*.js")
RULES = "speculation.json"  # which links a browser may follow before they are clicked
# The smallest first, each as small as it can: that is done once a process.
PACKED: Mapping[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,
    "zstd": partial(zstd.compress, level=19),
    "gzip": gzip.compress,
}
PACKED_BY = "packed_"  # how endpoints begin that answer so
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_COMMENT = {".css": re.compile(r"/\*.*?\*/", re.DOTALL), ".js": re.compile(r"^\s*//.*$", re.MULTILINE)}
_INDENTATION = re.compile(r"\s*\n\s*")
# `_("…` as it stands in a script: a constant in double quotes.
_WORDS = r'("(?:[^"\\]|\\.)*")'
_SAID = re.compile(rf"\b_\(\s*{_WORDS}")
_COUNTED = re.compile(rf"\bngettext\(\s*{_WORDS},\s*{_WORDS}")


def init_app(app: Flask, settings: Settings) -> None:
    joined = {
        "app.css": _style(),
        "app.js": _script(),
        "icons.svg": (STATIC / "icons.svg").read_text(),
    }
    prefix = f"static/{_tree_hash()}"
    app.config["ASSETS"] = f"/{prefix}/"
    for name, text in joined.items():
        app.add_url_rule(f"/{prefix}/{name}", f"{PACKED_BY}{name.partition('.')[2]}", _serving(text, name))
    for code in set(languages.OFFERED) - {languages.SOURCE}:
        app.add_url_rule(f"/{prefix}/app.{code}.js", f"{PACKED_BY}js_{code}", partial(translated, code))
    app.add_url_rule("/favicon.ico", "favicon", lambda: current_app.redirect(asset("favicon.svg"), 301))
    others = Files(
        app.wsgi_app,
        root=str(STATIC),
        prefix=prefix,
        max_age=31_536_000,
        immutable_file_test=lambda path, url: True,
        allow_all_origins=False,
        mimetypes={RULES: "application/speculationrules+json"},
        add_headers_function=partial(_protect, is_secure=(settings.base_url or "").startswith("https://")),
    )
    del others.files[f"/{prefix}/icons.svg"]  # it would not be packed
    app.wsgi_app = others  # type: ignore[method-assign]


class Files(WhiteNoise):  # type: ignore[misc]
    """WhiteNoise, asked only for what stands where all of its files do."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if environ.get("PATH_INFO", "").startswith("/static/"):
            return super().__call__(environ, start_response)
        return self.application(environ, start_response)


def asset(name: str) -> str:
    """The address of a static file."""
    return f"{current_app.config['ASSETS']}{name}"


def script() -> str:
    """The address of the script in the language that is spoken."""
    code = language()
    return asset("app.js" if code == languages.SOURCE else f"app.{code}.js")


def _style() -> str:
    return "\n".join(f"/* {p.name} */\n{_bare(p)}" for p in _listed(STATIC / "css", STYLES))


@cache
def _script() -> str:
    """All scripts, each in a block of its own."""
    return "\n".join(f"/* {p.name} */ {{\n{_bare(p)}\n}}" for p in _listed(STATIC / "js", SCRIPTS))


def _bare(path: Path) -> str:
    """A file without comments and indentation, which only those read who look after it: a fifth less to send.

    No more than that: rcssmin and rjsmin take a few percent more, and with it blanks that mean something, as in
    `a :is(b)` and in a template within a template.
    """
    return _INDENTATION.sub("\n", _COMMENT[path.suffix].sub("", path.read_text())).strip()


def translated(code: str) -> Response:
    """The script with what it says in a language."""
    return _spoken(code)()


@cache
def _spoken(code: str) -> Callable[[], Response]:
    """What serves it."""
    said = catalogue(code).gettext
    text = _SAID.sub(lambda found: f"_({_written(said(json.loads(found[1])))}", _script())
    text = _COUNTED.sub(lambda found: f"ngettext({_written(_forms(code, *map(json.loads, found.groups())))}, 0", text)
    return _serving(text, f"app.{code}.js")


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _forms(code: str, one: str, many: str) -> dict[str, str]:
    """All that is said of some number, by what browsers call such numbers."""
    return {kind: catalogue(code).ngettext(one, many, number) for kind, number in formats.kinds(code).items()}


def _listed(folder: Path, patterns: tuple[str, ...]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(folder.glob(pattern))]


def _tree_hash() -> str:
    tree = hashlib.blake2b(digest_size=6)
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            tree.update(str(path.relative_to(STATIC)).encode() + b"\0" + path.read_bytes())
    for path in sorted(catalogues.FOLDER.glob("*.po")):
        tree.update(path.read_bytes())
    return tree.hexdigest()


def _serving(text: str, name: str) -> Callable[[], Response]:
    plain = text.encode()

    @cache
    def packed(how: str) -> bytes:
        return PACKED[how](plain)

    def serve() -> Response:
        how = request.accept_encodings.best_match(PACKED)
        response = Response(packed(how) if how else plain, mimetype=KINDS[Path(name).suffix])
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["Vary"] = "Accept-Encoding"
        response.set_etag(f"{zlib.crc32(plain):08x}-{how or 'plain'}")
        if how:
            response.headers["Content-Encoding"] = how
        if name.endswith(".svg"):
            _protect(response.headers, name, "", is_secure=request.is_secure)
        response.make_conditional(request)
        return response

    return serve


def _protect(headers: Any, path: str, url: str, *, is_secure: bool) -> None:
    wanted = ALWAYS | OF_OUR_OWN | {"Content-Security-Policy": OF_FILES} | (SECURE if is_secure else {})
    for name, value in wanted.items():
        headers[name] = value
