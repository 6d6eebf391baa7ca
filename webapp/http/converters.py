"""What may stand in an address. Anything else is not found, before any code runs."""

from typing import Any, ClassVar

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from webapp.types import MAX_ID


class NumberConverter(BaseConverter):
    """A positive id or issue number; ASCII digits only, and nothing that PostgreSQL's bigint cannot hold."""

    regex = "[0-9]{1,19}"
    schema: ClassVar[dict[str, Any]] = {"type": "integer", "minimum": 1, "maximum": MAX_ID}

    def to_python(self, value: str) -> int:
        number = int(value)
        if not 1 <= number <= MAX_ID:
            raise ValidationError
        return number


class ProjectConverter(BaseConverter):
    """A project's key, in any case, or its id."""

    regex = "[A-Za-z][A-Za-z0-9]{1,9}|[0-9]{1,19}"
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "pattern": f"^({regex})$",
        "examples": ["CAIRN", "1"],
    }


def init_app(app: Flask) -> None:
    app.url_map.converters.update(number=NumberConverter, project=ProjectConverter)
