"""Addresses by which a browser gets one file of a bucket for a few minutes.

As AWS describes them (Signature Version 4 in the query). obstore signs none that say under which name and as what the
file shall be sent.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Key:
    """What a store knows us by."""

    id: str
    secret: str
    region: str


def signed(address: str, query: dict[str, str], key: Key, at: datetime, seconds: int) -> str:
    """The address of an object with a query by which it may be read from `at` on, for so long."""
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{stamp[:8]}/{key.region}/s3/aws4_request"
    query = query | {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{key.id}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    asked = "&".join(f"{_quoted(name)}={_quoted(query[name])}" for name in sorted(query))
    parts = urlsplit(address)
    request = "\n".join(("GET", parts.path, asked, f"host:{parts.netloc}\n", "host", "UNSIGNED-PAYLOAD"))
    told = "\n".join((ALGORITHM, stamp, scope, sha256(request.encode()).hexdigest()))
    by = f"AWS4{key.secret}".encode()
    for part in scope.split("/"):
        by = _sum(by, part)
    return f"{address}?{asked}&X-Amz-Signature={_sum(by, told).hex()}"


def _sum(key: bytes, told: str) -> bytes:
    return hmac.digest(key, told.encode(), "sha256")


def _quoted(value: str) -> str:
    return quote(value, safe="-_.~")
