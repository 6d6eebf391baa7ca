"""What stands in the fields of a page's form, and what is wrong with it."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from flask import g, request
from werkzeug.datastructures import MultiDict

from webapp.errors import CairnError, FieldErrors


class Form:
    """The values of a form: typed ones that were refused, an existing thing's, or none yet."""

    def __init__(self, values: Any = None, errors: FieldErrors | None = None, message: str = "") -> None:
        self._values = values if values is not None else {}
        self.errors: FieldErrors = errors or {}
        self.message = message

    @classmethod
    def of(cls, thing: Any = None) -> "Form":
        """The form that was refused, if this page is shown again because of it.

        Else the fields of `thing` (a mapping or an object), else those of the query string.
        """
        again: Form | None = g.pop("form_again", None)
        return again or cls(thing if thing is not None else request.args)

    @classmethod
    def again(cls, refused: CairnError | None = None) -> None:
        """Let the form page that is shown next hold what was typed into this request."""
        errors = refused.errors if refused else {}
        message = refused.detail if refused and not any(errors) else ""
        g.form_again = cls(request.form, errors, message)

    def value(self, name: str) -> str:
        """What stands in a field; the empty string if nothing does."""
        if isinstance(self._values, Mapping | MultiDict):
            return _told(self._values.get(name, ""))
        return _told(getattr(self._values, name, ""))

    def values(self, name: str) -> list[str]:
        """What is chosen in a field of several values."""
        if isinstance(self._values, MultiDict):
            return [value for value in self._values.getlist(name) if value]
        chosen = self._values.get(name, []) if isinstance(self._values, Mapping) else getattr(self._values, name, [])
        return [_told(one) for one in chosen]


def _told(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else str(value)
