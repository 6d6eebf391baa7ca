"""What may stand in an address. Anything else is not found, before any code runs."""

from typing import Any, ClassVar

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, Map

from webapp.types import MAX_ID


class NumberConverter(BaseConverter):
    """A positive id or issue number, in ASCII digits.

    One that PostgreSQL's bigint cannot hold becomes 0, which nothing has: the driver would compare it as a
    numeric and read the whole table. Refusing it here would let Werkzeug answer 405 for other methods.
    """

    regex = "[1-9][0-9]{0,39}"
    schema: ClassVar[dict[str, Any]] = {"type": "integer", "minimum": 1, "maximum": MAX_ID, "examples": [1]}

    def to_python(self, value: str) -> int:
        number = int(value)
        return number if number <= MAX_ID else 0

    def to_url(self, value: Any) -> str:
        """The digits; Werkzeug would look what in them has to be quoted."""
        return str(value) if type(value) is int else super().to_url(value)


class ProjectConverter(BaseConverter):
    """A project's key, in any case, or its id."""

    regex = "[A-Za-z][A-Za-z0-9]{1,9}|[0-9]{1,19}"
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "pattern": f"^({regex})$",
        "examples": ["DEMO", "1"],
    }

    def to_url(self, value: Any) -> str:
        """The key; Werkzeug would look what in it has to be quoted."""
        return value if type(value) is str and value.isascii() and value.isalnum() else super().to_url(value)


class FilenameConverter(BaseConverter):
    """The name of a file, as it stands at the end of its address."""

    regex = "[^/]{1,2000}"
    schema: ClassVar[dict[str, Any]] = {"type": "string", "minLength": 1}


class TokenConverter(BaseConverter):
    """A secret that a link carries: 32 random bytes in base64."""

    regex = "[A-Za-z0-9_-]{43}"
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": f"^{regex}$"}


class SignedConverter(BaseConverter):
    """What a link says with our signature below it."""

    regex = "[A-Za-z0-9_.-]{30,1500}"
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": f"^{regex}$"}


class ProviderConverter(BaseConverter):
    """The word by which the settings name somebody who tells who people are."""

    regex = "[a-z0-9][a-z0-9-]{0,31}"
    schema: ClassVar[dict[str, Any]] = {"type": "string", "pattern": f"^{regex}$", "examples": ["acme"]}


class ChoiceConverter(AnyConverter):
    """One of a few words, which stand in the rule."""

    def __init__(self, map: Map, *words: str) -> None:
        super().__init__(map, *words)
        self.schema: dict[str, Any] = {"type": "string", "enum": list(words), "examples": [words[0]]}


OURS = (
    ChoiceConverter,
    FilenameConverter,
    NumberConverter,
    ProjectConverter,
    ProviderConverter,
    SignedConverter,
    TokenConverter,
)


def init_app(app: Flask) -> None:
    app.url_map.converters.update(
        choice=ChoiceConverter,
        number=NumberConverter,
        project=ProjectConverter,
        provider=ProviderConverter,
        filename=FilenameConverter,
        token=TokenConverter,
        signed=SignedConverter,
    )
