"""Which place is meant."""

from functools import lru_cache
from pathlib import Path

from pydantic import SecretStr

from webapp import config
from webapp.config import Settings
from webapp.config.files import BucketUrl, bucket_url
from webapp.errors import Conflict
from webapp.stores.bucket import Bucket
from webapp.stores.folder import Folder
from webapp.stores.place import Place


def here() -> Place:
    """Where this installation's files lie."""
    settings = config.of_this_app()
    return bucket(settings.bucket, settings) if settings.bucket is not None else Folder(folder())


def folder() -> Path:
    """The folder of this machine: for all files, or for those that are on their way to a bucket."""
    return config.of_this_app().cairn_data / "files"


def bucket(at: BucketUrl, settings: Settings) -> Bucket:
    """A bucket by the key of the settings. Raises Conflict if they have none."""
    if settings.files_access_key_id is None or settings.files_secret_access_key is None:
        raise Conflict("FILES_ACCESS_KEY_ID and FILES_SECRET_ACCESS_KEY have to be set for a bucket.")
    return _known(at, settings.files_access_key_id, settings.files_secret_access_key)


def named(told: str) -> Place:
    """The place of a command: s3://… is a bucket, all else a folder. Raises Conflict."""
    if not told.startswith("s3:"):
        return Folder(Path(told))
    try:
        return bucket(bucket_url(told), config.of_this_app())
    except ValueError as error:
        raise Conflict(f"{told} {error}.") from None


@lru_cache(maxsize=8)
def _known(at: BucketUrl, key_id: SecretStr, secret: SecretStr) -> Bucket:
    """One for the process: it keeps connections to the store."""
    return Bucket(at, key_id.get_secret_value(), secret.get_secret_value())
