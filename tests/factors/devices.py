"""What people hold in their hands: an app that shows codes, a key that signs challenges."""

import base64
import hashlib
import json
import struct
import time
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyotp import TOTP

STEP = 30
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class App:
    """An authenticator app with a secret."""

    def __init__(self, secret: str) -> None:
        self.totp = TOTP(secret)

    def code(self, back: int = 0) -> str:
        """The code of this half minute, or of one `back` ones ago; never at the end of one, which may end too soon."""
        if (left := STEP - time.time() % STEP) < 3:
            time.sleep(left)
        return str(self.totp.at(time.time() - back * STEP))


class Key:
    """A security key of one site; `counts` says how often it was used, and `verifies` that it knows who holds it."""

    def __init__(self, host: str = "localhost", origin: str = "http://localhost", *, verifies: bool = True) -> None:
        self.host, self.origin, self.verifies = host, origin, verifies
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id, self.count, self.user = hashlib.sha256(str(id(self)).encode()).digest(), 1, b""

    def made(self, options: dict[str, Any]) -> dict[str, Any]:
        """What navigator.credentials.create gives for these options."""
        self.user = _bytes(options["user"]["id"])
        numbers = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        about = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(public)
        told = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + about}
        client = self._client("webauthn.create", options["challenge"])
        return self._told({"attestationObject": _text(cbor2.dumps(told)), "clientDataJSON": _text(client)})

    def answer(self, options: dict[str, Any], *, alone: bool = True) -> dict[str, Any]:
        """What navigator.credentials.get gives for these options; `alone`: with whose account it is."""
        self.count += 1
        client, data = self._client("webauthn.get", options["challenge"]), self._data()
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        values = {"authenticatorData": _text(data), "clientDataJSON": _text(client), "signature": _text(signed)}
        return self._told({**values, **({"userHandle": _text(self.user)} if alone else {})})

    def _data(self, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _client(self, what: str, challenge: str) -> bytes:
        return json.dumps({"type": what, "challenge": challenge, "origin": self.origin}).encode()

    def _told(self, response: dict[str, str]) -> dict[str, Any]:
        return {"id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "response": response}


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
