"""The settings about where uploaded files lie."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

FORM = "must be like s3://bucket/folder?endpoint=https://s3.example.org&region=eu-central-1"
# What browsers leave out of `Host`, which is signed.
DEFAULT_PORTS = {"http": 80, "https": 443}
OPTIONS = ("endpoint", "region", "public")


@dataclass(frozen=True, slots=True)
class BucketUrl:
    """A bucket, the folder in it (perhaps none), and where the store is: for Cairn, and for browsers."""

    bucket: str
    folder: str
    endpoint: str
    region: str
    public: str

    @property
    def is_plain(self) -> bool:
        """Whether what is said to the store can be read on the way."""
        return self.endpoint.startswith("http://")

    @property
    def host(self) -> str:
        """The machine that is asked."""
        return urlsplit(self.endpoint).hostname or ""

    def __str__(self) -> str:
        return f"s3://{self.bucket}{'/' if self.folder else ''}{self.folder} at {self.endpoint}"


def bucket_url(url: str) -> BucketUrl:
    """What a FILES_URL says. Raises ValueError."""
    try:
        parts = urlsplit(url)
        given = parse_qs(parts.query, strict_parsing=True, keep_blank_values=True) if parts.query else {}
    except ValueError:
        raise ValueError(FORM) from None
    if parts.scheme != "s3" or not re.fullmatch(r"[^@:]+", parts.netloc) or parts.fragment:
        raise ValueError(FORM)
    if any(name not in OPTIONS or values[1:] or not values[0] for name, values in given.items()):
        raise ValueError(f"may have {', '.join(OPTIONS)} after the question mark, each once and with a value")
    region = given.get("region", ["us-east-1"])[0]
    endpoint = _origin(given.get("endpoint", [f"https://s3.{region}.amazonaws.com"])[0])
    public = _origin(given.get("public", [endpoint])[0])
    return BucketUrl(parts.netloc, _folder(parts.path), endpoint, region, public)


def _folder(path: str) -> str:
    folder = path.strip("/")
    if folder and {"", ".", ".."} & set(folder.split("/")):
        raise ValueError(FORM)
    return folder


class Files(BaseSettings):
    """Where they lie, and how they come from there to whoever asks."""

    files_url: str | None = Field(
        None,
        description="Bucket for uploaded files, like s3://cairn?endpoint=https://s3.example.org&region=eu-central-1; "
        "unset: the data folder.",
    )
    files_access_key_id: SecretStr | None = Field(None, description="The key's name at the store of FILES_URL.")
    files_secret_access_key: SecretStr | None = Field(None, description="The key itself.")
    files_serve: Literal["proxy", "redirect"] = Field(
        "proxy", description="Whether downloads from a bucket go through Cairn, or browsers are sent to the store."
    )

    @field_validator("files_url")
    @classmethod
    def _is_a_bucket(cls, value: str | None) -> str | None:
        if value is not None:
            bucket_url(value)
        return value

    @model_validator(mode="after")
    def _has_a_key(self) -> "Files":
        for name in ("files_access_key_id", "files_secret_access_key"):
            if self.files_url is not None and getattr(self, name) is None:
                raise ValueError(f"{name.upper()}: must be set with FILES_URL")
        return self

    @property
    def bucket(self) -> BucketUrl | None:
        """The bucket, if files lie in one."""
        return bucket_url(self.files_url) if self.files_url is not None else None


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or f"{parts.scheme}://{parts.netloc}" != value.rstrip("/")
    ):
        raise ValueError("must name each store like https://s3.example.org, without a path")
    if "@" in parts.netloc:
        raise ValueError("must not have a key in it: FILES_SECRET_ACCESS_KEY has")
    return value.rstrip("/").lower().removesuffix(f":{DEFAULT_PORTS[parts.scheme]}")
