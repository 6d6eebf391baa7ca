"""A bucket of a store that speaks S3, by obstore. That is loaded by the first who asks, and takes 11 MB."""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from webapp.config.files import BucketUrl
from webapp.errors import Unreached
from webapp.i18n import N_
from webapp.outside.breaker import Breaker
from webapp.stores import signing
from webapp.stores.objects import Object
from webapp.stores.place import DAY, MARK, SHARDS, TRASH, Lying, key_of, small_of

# So large S3 wants parts to be at least; two are on their way at a time.
UPLOADED, AT_ONCE = 5 * 1024 * 1024, 2
# So many files one answer tells of.
LISTED = 1000
# A store that does not take a connection is away, and so is one that is silent when it is asked for what it has. One
# that is given something may have a large file to take in, or to copy.
CONNECT, SILENCE, ANSWER = timedelta(seconds=3), timedelta(seconds=5), timedelta(seconds=30)
BACKOFF: Any = {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=1), "base": 2}
# For so many seconds nobody waits for a store that was silent three times.
PAUSE = 15.0
# What stores without conditions answer to one.
UNCONDITIONAL = (400, 501)
EMPTY = 416
# How long a browser that is sent to the store has to begin.
SIGNED = 300
# Files that go while a backup is made wait here for its end.
HELD = "held"

_STATUS = re.compile(r"status code: (\d{3})\b")
_breaker = Breaker(pause=PAUSE)

log = logging.getLogger("cairn.files")


class Away(Unreached):
    """The store cannot be used; `reason` is told to whoever runs Cairn, `answer` its status if it gave one."""

    title = N_("The files cannot be reached")
    detail = N_("The store for files does not answer. Try again in a moment.")

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason, self.answer = reason, _status(reason)


class Bucket:
    """Files in a bucket, or in a folder of it."""

    def __init__(self, at: BucketUrl, key_id: str, secret: str) -> None:
        self.at, self._key = at, signing.Key(key_id, secret, at.region)

    def __str__(self) -> str:
        return str(self.at)

    def below(self, folder: str) -> "Bucket":
        """Another place, in a folder of this one."""
        inner = "/".join(part for part in (self.at.folder, folder) if part)
        at = BucketUrl(self.at.bucket, inner, self.at.endpoint, self.at.region, self.at.public)
        return Bucket(at, self._key.id, self._key.secret)

    def put(self, name: str, file: Path, small: bytes | None) -> None:
        """Copy a file there, in parts if it is large."""
        if small is not None:
            self._put(small_of(name), small)
        self._put(key_of(name), file)

    def file(self, name: str) -> Object:
        """To be asked for."""
        return Object(self, key_of(name))

    def small(self, name: str) -> Object:
        """Likewise."""
        return Object(self, small_of(name))

    def remove(self, name: str) -> None:
        """What a backup reads is put aside for it. If the store is away they stay, and a sweep takes them."""
        try:
            self._hold(name)
            self.delete([small_of(name), key_of(name)])
        except Away as away:
            log.warning("file_not_removed: %s: %s", name, away.reason)

    def rest(self, name: str, day: date) -> None:
        """Stores cannot rename: copied, and then deleted."""
        self._hold(name)
        for key in (small_of(name), key_of(name)):
            with suppress(FileNotFoundError):  # another process sweeps too
                self.copy(key, f"{TRASH}/{day.isoformat()}/{key}")
                self.delete([key])

    def empty_trash(self, before: date) -> None:
        """Whole days go."""
        for day in self.folders(TRASH):
            if DAY.fullmatch(day) and day < before.isoformat():
                self.clear(f"{TRASH}/{day}")

    def shards(self) -> list[str]:
        """By one question."""
        return sorted(set(self.folders("")) & set(SHARDS))

    def lying(self, folder: str) -> Iterator[Lying]:
        """In the order of their names."""
        with self._asked():
            for some in self._obstore.list(self._quick, folder, chunk_size=LISTED):
                yield from (Lying(one["path"], one["size"], one["last_modified"].timestamp()) for one in some)

    def mark(self) -> str | None:
        """In a file of its own."""
        try:
            return b"".join(self.read(MARK)).decode().strip()
        except FileNotFoundError:
            return None

    def claim(self, database: str, *, anew: bool) -> None:
        """Of two at once the first has it, where the store knows conditions; others, as Swift, refuse these."""
        mark = f"{database}\n".encode()
        if anew:
            self._put(MARK, mark)
        elif self.mark() is None:
            try:
                self._put(MARK, mark, mode="create")
            except Away as away:
                if away.answer not in UNCONDITIONAL:
                    raise
                self._put(MARK, mark)

    def read(self, key: str) -> Iterator[bytes]:
        """In parts."""
        with Object(self, key).open() as file:
            while chunk := file.read(UPLOADED):
                yield chunk

    def write(self, key: str, chunks: Iterator[bytes]) -> None:
        """In parts, of which nobody sees any before the last is there; a short one in one go."""
        begun = bytearray()
        for chunk in chunks:
            begun += chunk
            if len(begun) > UPLOADED:
                return self._put(key, chain([bytes(begun)], chunks))
        return self._put(key, bytes(begun))

    def size_of(self, key: str) -> int:
        """How long a file is."""
        with self._asked():
            return int(self._obstore.head(self._quick, key)["size"])

    def beginning(self, key: str, most: int) -> tuple[bytes, int]:
        """The first part of a file, and how long all of it is."""
        with self._asked():
            try:
                found = self._obstore.get(self._quick, key, options={"range": (0, most)})
                return bytes(found.bytes()), int(found.meta["size"])
            except self._obstore.exceptions.GenericError as error:  # of nothing there is no first part
                if _is_fault(_reason(error)) or self._obstore.head(self._quick, key)["size"]:
                    raise
                return b"", 0

    def range_of(self, key: str, start: int, end: int) -> bytes:
        """A part of a file."""
        with self._asked():
            return bytes(self._obstore.get_range(self._quick, key, start=start, end=end))

    def copy(self, key: str, to: str) -> None:
        """Within the store."""
        with self._asked():
            self._obstore.copy(self._store, key, to)

    def delete(self, keys: Sequence[str]) -> None:
        """What is not there is no fault."""
        with self._asked(), suppress(FileNotFoundError):
            self._obstore.delete(self._store, keys)

    def folders(self, folder: str) -> list[str]:
        """The names of the folders in one."""
        with self._asked():
            found = self._obstore.list_with_delimiter(self._quick, folder)["common_prefixes"]
        return [path.rpartition("/")[2] for path in found]

    def clear(self, folder: str) -> None:
        """Delete all that is in a folder."""
        keys = [one.key for one in self.lying(folder)]
        for at in range(0, len(keys), LISTED):
            self.delete(keys[at : at + LISTED])

    def address_of(self, key: str, media_type: str, disposition: str) -> str:
        """Where a browser may read a file for some minutes, as this type and under this name."""
        path = quote("/".join(part for part in (self.at.bucket, self.at.folder, key) if part))
        how = {"response-content-type": media_type, "response-content-disposition": disposition}
        return signing.signed(f"{self.at.public}/{path}", how, self._key, datetime.now(UTC), SIGNED)

    def _put(self, key: str, content: Any, mode: Any = "overwrite") -> None:
        with self._asked():
            try:
                self._obstore.put(self._store, key, content, mode=mode, chunk_size=UPLOADED, max_concurrency=AT_ONCE)
            except self._obstore.exceptions.AlreadyExistsError:
                return  # somebody was faster
            except self._obstore.exceptions.NotFoundError as error:  # the bucket is not there
                raise Away(_reason(error)) from error

    def _hold(self, name: str) -> None:
        """Put a file aside for backups that are being made. They say so here before they look at the rows."""
        for backup in self.folders(HELD):
            for key in (small_of(name), key_of(name)):
                with suppress(FileNotFoundError):
                    self.copy(key, f"{HELD}/{backup}/{key}")

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Raises FileNotFoundError for a file that is not there, Away for all else."""
        wrong, store, is_silent = self._obstore.exceptions, self.at.endpoint, False
        if not _breaker.lets(store):
            raise Away(f"{store} was silent several times, and is left alone for {PAUSE:.0f} seconds")
        try:
            yield
        except wrong.NotFoundError as error:
            raise FileNotFoundError(_reason(error)) from error
        except wrong.BaseError as error:
            is_silent = _is_silent(_reason(error))
            log.warning("files_store: %s", _reason(error))
            raise Away(_reason(error)) from error
        finally:
            (_breaker.failed if is_silent else _breaker.answered)(store)

    @cached_property
    def _obstore(self) -> Any:
        import obstore
        import obstore.exceptions

        return obstore

    @cached_property
    def _store(self) -> Any:
        """Patient, and tries twice more."""
        retries = {"max_retries": 2, "retry_timeout": timedelta(seconds=10), "backoff": BACKOFF}
        return self._opened({"timeout": ANSWER}, retries)

    @cached_property
    def _quick(self) -> Any:
        """For questions that somebody waits for: a connection that broke is tried again, silence is not."""
        retries = {"max_retries": 1, "retry_timeout": SILENCE, "backoff": BACKOFF}
        return self._opened({"timeout": ANSWER, "read_timeout": SILENCE}, retries)

    def _opened(self, patience: dict[str, timedelta], retries: Any) -> Any:
        """Who the key is of is said by a function: else variables like AWS_SESSION_TOKEN would say more."""
        from obstore.store import S3Store

        options: Any = {"allow_http": self.at.is_plain, "connect_timeout": CONNECT, **patience}
        return S3Store(
            self.at.bucket,
            prefix=self.at.folder or None,
            endpoint=self.at.endpoint,
            region=self.at.region,
            virtual_hosted_style_request=False,
            credential_provider=self._credentials,
            client_options=options,
            retry_config=retries,
        )

    def _credentials(self) -> Any:
        return {
            "access_key_id": self._key.id,
            "secret_access_key": self._key.secret,
            "token": None,
            "expires_at": None,
        }


def _reason(error: Exception) -> str:
    """The first line of what obstore says; the others tell the same in Rust."""
    return str(error).partition("\n")[0].strip().rstrip(".")


def _status(reason: str) -> int | None:
    """What the store answered, if it did."""
    said = _STATUS.search(reason)
    return int(said[1]) if said else None


def _is_silent(reason: str) -> bool:
    """Whether no whole answer came."""
    return "HTTP error: " in reason


def _is_fault(reason: str) -> bool:
    """Whether it is another answer than one that speaks of a file's length."""
    return _is_silent(reason) or _status(reason) not in (None, EMPTY)
