"""A provider of OpenID Connect over real HTTP: it signs with keys of its own, checks PKCE, and lies where it is told."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "cairn", "a secret of the provider's, with : and %"


class Provider:
    """What it says can be changed while it runs. `person` is who is logged in there."""

    def __init__(self) -> None:
        self.keys = [RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})]
        self.person: dict[str, Any] = {"sub": "42", "email": "mia@example.com", "email_verified": True, "name": "Mia"}
        self.claims: dict[str, Any] = {}  # what its ID tokens say otherwise; None leaves one out
        self.metadata: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.header: dict[str, Any] = {}
        self.answer: dict[str, str] = {}  # what comes back beside
        self.sign: Callable[[dict[str, Any]], str] | None = None
        self.instead: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def rotate(self) -> None:
        """Sign by another key from now on."""
        self.keys = [RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})]

    def authorized(self, query: dict[str, str]) -> str:
        """Where a browser is sent back to, whose person agrees to everything."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], **self.answer})}"

    def tokens(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """For a code, once, with the right secret and verifier."""
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        pair = base64.b64encode(b"cairn:a%20secret%20of%20the%20provider%27s%2C%20with%20%3A%20and%20%25").decode()
        if (
            asked is None
            or asked["redirect_uri"] != form["redirect_uri"]
            or asked["code_challenge"] != base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            or authorization != f"Basic {pair}"
        ):
            return None
        return {"access_token": "of-mia", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        said |= self.person
        said["auth_time"] = now
        said = {name: value for name, value in {**said, **self.claims}.items() if value is not None}
        if self.sign is not None:
            return self.sign(said)
        header = {"alg": "RS256", "kid": self.keys[0].kid, **self.header}
        return jwt.encode(header, said, self.keys[0])


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if parts.path in provider.instead:
                provider.instead[parts.path](self)
            elif parts.path == "/.well-known/openid-configuration":
                at = provider.issuer
                told = {"issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token"}
                told |= {"jwks_uri": f"{at}/jwks", "userinfo_endpoint": f"{at}/userinfo"}
                send(self, {**told, **provider.metadata})
            elif parts.path == "/jwks":
                send(self, {"keys": [key.as_dict(private=False) for key in provider.keys]})
            elif parts.path == "/userinfo":
                assert self.headers["Authorization"] == "Bearer of-mia"
                send(self, {"sub": provider.person["sub"], **provider.userinfo})
            else:
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(303)
                self.send_header("Location", provider.authorized(query))
                self.end_headers()

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path in provider.instead:
                provider.instead[self.path](self)
                return
            form = {name: values[0] for name, values in parse_qs(body).items()}
            found = provider.tokens(form, self.headers.get("Authorization", ""))
            send(self, found or {"error": "invalid_grant"}, 200 if found else 400)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def send(handler: BaseHTTPRequestHandler, value: Any, status: int = 200) -> None:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
