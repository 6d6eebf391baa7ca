"""A bucket does what a folder does, over HTTP with a server that speaks S3."""

from datetime import date

import pytest

from webapp.stores.bucket import UPLOADED, Away, Bucket
from webapp.stores.folder import Folder

NAME = "ab" * 16
KEY = f"ab/{'ab' * 15}"


@pytest.fixture(params=["folder", "bucket"])
def place(request, tmp_path, bucket):
    return bucket if request.param == "bucket" else Folder(tmp_path / "files")


def drafted(tmp_path, content):
    """A file of the disk in the shard where it would stay."""
    draft = tmp_path / "files" / "ab" / ".draft"
    draft.parent.mkdir(parents=True, exist_ok=True)
    draft.write_bytes(content)
    return draft


def keys(place, folder):
    return sorted(one.key for one in place.lying(folder))


def test_what_is_put_is_there_with_its_small_picture(place, tmp_path):
    place.put(NAME, drafted(tmp_path, b"stones"), b"small")
    assert {one.key: one.size for one in place.lying("ab")} == {KEY: 6, f"{KEY}.thumb": 5}
    assert b"".join(place.read(KEY)) == b"stones"


def test_what_is_removed_is_gone_and_that_twice_is_no_fault(place, tmp_path):
    place.put(NAME, drafted(tmp_path, b"stones"), b"small")
    place.remove(NAME)
    place.remove(NAME)
    assert keys(place, "ab") == []
    with pytest.raises(FileNotFoundError):
        next(place.read(KEY))


def test_what_rests_lies_in_the_trash_of_its_day_until_that_is_emptied(place, tmp_path):
    place.put(NAME, drafted(tmp_path, b"stones"), b"small")
    place.rest(NAME, date(2026, 11, 28))
    place.empty_trash(date(2026, 11, 28))
    assert (keys(place, "ab"), keys(place, "trash")) == (
        [],
        [f"trash/2026-11-28/{KEY}", f"trash/2026-11-28/{KEY}.thumb"],
    )
    place.empty_trash(date(2026, 11, 29))
    assert keys(place, "trash") == []


def test_the_first_claim_holds_until_somebody_claims_anew(place):
    assert place.mark() is None
    place.claim("one", anew=False)
    place.claim("two", anew=False)
    assert place.mark() == "one"
    place.claim("two", anew=True)
    assert place.mark() == "two"


@pytest.mark.parametrize("size", [0, 1, UPLOADED + 1])
def test_a_file_of_any_size_comes_back_as_it_was(place, size):
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    place.write(KEY, iter([content[: size // 2], content[size // 2 :]]))
    assert b"".join(place.read(KEY)) == content


def test_a_file_is_read_from_anywhere(bucket):
    content = bytes(range(250)) * 10_000
    bucket.write(KEY, iter([content]))
    with bucket.file(NAME).open() as file:
        file.seek(2_000_000)
        assert file.read(700_000) == content[2_000_000:][:700_000]


def test_a_bucket_that_is_not_there_or_does_not_answer_is_away(bucket, url):
    at = bucket.at
    for other in ("nowhere", at.bucket):
        endpoint = at.endpoint if other == "nowhere" else "http://127.0.0.1:9"
        away = Bucket(type(at)(other, "", endpoint, at.region, at.public), "cairn", "secret")
        with pytest.raises(Away) as told:
            list(away.lying("ab"))
        assert told.value.reason


def test_of_two_that_claim_at_once_the_first_has_it(bucket, monkeypatch):
    bucket.claim("one", anew=False)
    monkeypatch.setattr(Bucket, "mark", lambda self: None)  # as the other saw it
    bucket.claim("two", anew=False)
    assert b"".join(bucket.read(".cairn")) == b"one\n"
