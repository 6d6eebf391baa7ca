"""What stands in the fields of a page's form, and what is wrong with it."""

from collections.abc import Mapping
from typing import Any

from flask import g, request
from werkzeug.datastructures import MultiDict

from webapp.errors import CairnError, FieldErrors
from webapp.http import unsent
from webapp.http.merging import Clash, base_of, field_value, plain
from webapp.http.scopes import SAFE
from webapp.i18n import _
from webapp.text import diff

# What a form says in this field of itself: the names of its boxes, since a box that is not ticked is not sent.
BOXES = "boxes"


class ShownAgain(CairnError):
    """The form is shown again with what was asked for on it: no error at all."""

    status = 200

    def __init__(self) -> None:
        super().__init__("")


class Form:
    """The values of a form: typed ones that were refused, an existing thing's, or none yet."""

    def __init__(
        self, values: Any = None, errors: FieldErrors | None = None, message: str = "", under: Any = None
    ) -> None:
        self._values = values if values is not None else {}
        self._under = under  # the thing itself, where values that were typed lie over it
        self._boxes = frozenset(str(_held(self._values, BOXES, "")).split())
        self.errors: FieldErrors = errors or {}
        self.message = message
        self.clash: Clash | None = None
        self.is_draft = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def of(cls, thing: Any = None) -> "Form":
        """The form that was refused, if this page is shown again because of it.

        Else the one that was sent when the login was over; else the fields of `thing` (a mapping or an object),
        else those of the query string. A form with only some of the fields is filled up with those of `thing`.
        """
        again: Form | None = g.pop("form_again", None) or cls._kept()
        if again is None:
            return cls(thing if thing is not None else request.args)
        again._under = thing if thing is not None else {}
        return again

    @classmethod
    def again(cls, refused: CairnError | None = None) -> None:
        """Let the form page that is shown next hold what was typed into this request, also to one that only asks."""
        errors = refused.errors if refused else {}
        message = _(refused.detail) if refused and not any(errors) else ""
        clash = refused if isinstance(refused, Clash) else None
        typed = request.args if request.method in SAFE else request.form
        g.form_again = form = cls(_moved_on(clash) if clash else typed, errors, message)
        form.clash = clash

    @classmethod
    def _kept(cls) -> "Form | None":
        typed = unsent.typed(request.path) if request.method == "GET" else None
        if typed is None:
            return None
        form = cls(typed)
        form.is_draft = True
        return form

    @property
    def base(self) -> str:
        """What the form was made from: as it was sent, or of the thing that it shows."""
        if self._under is None:
            return base_of(self._values)
        return self._values.get("base", "") if "version" in self._values else base_of(self._under)

    def value(self, name: str) -> str:
        """What stands in a field; the empty string if nothing does."""
        return field_value(_held(self._holder(name), name, ""))

    def ticked(self, name: str) -> bool:
        """Whether the one box of a field is ticked; for more boxes than one see `values`."""
        return self.value(name) == "true"

    def values(self, name: str) -> list[str]:
        """What is chosen in a field of several values."""
        holder = self._holder(name)
        if isinstance(holder, MultiDict):
            return [value for value in holder.getlist(name) if value]
        return [field_value(one) for one in _held(holder, name, [])]

    def theirs(self, name: str) -> str:
        """What stands in a field of the thing itself, while another value is typed here."""
        return field_value(_held(self._under, name, ""))

    def is_back(self, name: str) -> bool:
        """Whether what stands in a field was typed before a login, and is not what the thing itself has."""
        return self.is_draft and plain(self.value(name)) != plain(self.theirs(name))

    def difference(self, name: str) -> list[diff.Line] | None:
        """By lines, what leads from theirs to what is typed here."""
        return diff.compare(self.theirs(name), str(plain(self.value(name))))

    def _holder(self, name: str) -> Any:
        """What was sent, if it could say the name: boxes of which none was ticked say nothing, and mean it."""
        if self._under is None or name in self._values or name in self._boxes:
            return self._values
        return self._under


def _held(holder: Any, name: str, default: Any) -> Any:
    return holder.get(name, default) if isinstance(holder, Mapping | MultiDict) else getattr(holder, name, default)


def _moved_on(clash: Clash) -> MultiDict[str, str]:
    """What was typed, but only where the sender changed something: all else is shown as it is now."""
    typed: MultiDict[str, str] = MultiDict(request.form)
    for name in ("base", "resolve", "clash", BOXES, *clash.known):
        if name not in clash.kept:
            typed.poplist(name)
    for name, value in clash.kept.items():
        if isinstance(value, list):
            typed.setlist(name, [field_value(one) for one in value])
    return typed
