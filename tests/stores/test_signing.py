"""Addresses that a store lets a browser in by."""

from datetime import UTC, datetime

from webapp.stores.signing import Key, signed

# The example of AWS, in "Authenticating Requests: Using Query Parameters".
AWS = Key("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
SIGNATURE = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"


def test_an_address_is_signed_as_aws_has_it():
    told = signed(
        "https://examplebucket.s3.amazonaws.com/test.txt", {}, AWS, datetime(2013, 5, 24, tzinfo=UTC), 86400
    )
    assert told.endswith(f"&X-Amz-Signature={SIGNATURE}")


def test_what_is_said_with_it_is_signed_too():
    at = datetime(2013, 5, 24, tzinfo=UTC)
    one, other = (
        signed("https://s3.example.org/b/k", {"response-content-type": kind}, AWS, at, 60)
        for kind in ("text/plain", "text/html")
    )
    assert one.rpartition("=")[2] != other.rpartition("=")[2]
