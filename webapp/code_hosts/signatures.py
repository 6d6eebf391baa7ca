"""Whether a request is of the host that knows the secret: each kind of host proves it in its own way."""

import hmac
from hashlib import sha256

from webapp.models.code_hosts import HostKind
from webapp.webhooks import signing
from webapp.webhooks.signing import Headers

# Where hosts put the hash of the body, in hexadecimal.
HASHED = {
    HostKind.GITHUB: ("X-Hub-Signature-256",),
    HostKind.GITEA: ("X-Gitea-Signature", "X-Forgejo-Signature", "X-Hub-Signature-256"),
}


def is_signed(kind: str, headers: Headers, body: bytes, secret: str) -> bool:
    """Whether it was made by whoever knows this secret."""
    if names := HASHED.get(HostKind(kind)):
        expected = hmac.new(secret.encode(), body, sha256).hexdigest()
        sent = next((one for name in names if (one := headers.get(name, ""))), "")
        return _same(sent.removeprefix("sha256=").lower(), expected)
    return _same(_token(kind, headers), secret) or signing.is_signed(headers, body, secret)


def _token(kind: str, headers: Headers) -> str:
    """The secret itself, where it was sent."""
    if kind == HostKind.GITLAB:
        return headers.get("X-Gitlab-Token", "")
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _same(sent: str, expected: str) -> bool:
    """In a time that tells nothing of where they differ. As bytes, since text must be ASCII for that."""
    return hmac.compare_digest(sent.encode(errors="replace"), expected.encode())
