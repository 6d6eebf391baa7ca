"""What FILES_URL may say."""

import pytest

from webapp.config import Settings
from webapp.config.files import bucket_url

KEYS = {"files_access_key_id": "cairn", "files_secret_access_key": "secret"}


def test_an_address_names_a_bucket_a_folder_and_a_store():
    told = bucket_url(
        "s3://files/of/cairn?endpoint=https://S3.example.org/&region=eu&public=https://files.example.org"
    )
    assert (told.bucket, told.folder, told.region) == ("files", "of/cairn", "eu")
    assert (told.endpoint, told.public) == ("https://s3.example.org", "https://files.example.org")


def test_without_a_store_it_is_that_of_aws():
    assert bucket_url("s3://files?region=eu-west-1").public == "https://s3.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    "url",
    [
        "files",
        "http://files",
        "s3://",
        "s3://key:secret@files",
        "s3://files/../other",
        "s3://files?endpoint=s3.example.org",
        "s3://files?endpoint=https://key:secret@s3.example.org",
        "s3://files?endpoint=https://s3.example.org/path",
        "s3://files?secret=hunter2",
        "s3://files?region=eu&region=us",
        "s3://files?region=",
        "s3://files#part",
    ],
)
def test_another_form_stops_the_start(url):
    with pytest.raises(ValueError):
        Settings.model_validate({"files_url": url} | KEYS)


@pytest.mark.parametrize("lacking", KEYS)
def test_a_bucket_needs_a_key(lacking):
    with pytest.raises(ValueError, match=f"{lacking.upper()}: must be set with FILES_URL"):
        Settings.model_validate({"files_url": "s3://files"} | {k: v for k, v in KEYS.items() if k != lacking})


def test_a_key_stands_in_no_text_of_the_settings():
    assert "hunter2" not in repr(
        Settings.model_validate({"files_url": "s3://files"} | KEYS | {"files_secret_access_key": "hunter2"})
    )


@pytest.mark.parametrize(
    ("public", "signed"),
    [
        ("https://files.example.org:443", "https://files.example.org"),
        ("http://files.example.org:80/", "http://files.example.org"),
        ("http://files.example.org:443", "http://files.example.org:443"),
        ("https://files.example.org:8443", "https://files.example.org:8443"),
    ],
)
def test_a_port_that_browsers_leave_out_is_not_signed(public, signed):
    assert bucket_url(f"s3://files?public={public}").public == signed
