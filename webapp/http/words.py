"""Pydantic's findings in our words."""

import re
from typing import Any

from webapp.i18n import N_, _
from webapp.i18n.formats import one_of
from webapp.types import Wrong

WORDS = {
    "missing": N_("is required"),
    "extra_forbidden": N_("is not a known field"),
    "string_type": N_("must be text"),
    "string_too_short": N_("is required"),
    "string_too_long": N_("must have at most %(max_length)s characters"),
    "uuid_type": N_("must be an id like 0b4c3f52-1d8e-4a77-9c0d-6f2f3a1e5b90"),
    "uuid_parsing": N_("must be an id like 0b4c3f52-1d8e-4a77-9c0d-6f2f3a1e5b90"),
    "int_type": N_("must be a whole number"),
    "int_parsing": N_("must be a whole number"),
    "int_from_float": N_("must be a whole number"),
    "int_parsing_size": N_("is too large"),
    "bool_type": N_("must be true or false"),
    "bool_parsing": N_("must be true or false"),
    "list_type": N_("must be a list"),
    "too_long": N_("must have at most %(max_length)s entries"),
    "too_short": N_("must have at least %(min_length)s entries"),
    "greater_than_equal": N_("must be at least %(ge)s"),
    "less_than_equal": N_("must be at most %(le)s"),
    "enum": N_("must be one of %(expected)s"),
    "literal_error": N_("must be one of %(expected)s"),
    "date_type": N_("must be a date like 2026-03-31"),
    "date_parsing": N_("must be a date like 2026-03-31"),
    "date_from_datetime_parsing": N_("must be a date like 2026-03-31"),
    "date_from_datetime_inexact": N_("must be a date like 2026-03-31"),
    "dict_type": N_("must be an object"),
    "model_type": N_("must be an object"),
    "json_invalid": N_("is not well-formed"),
    "string_unicode": N_("must not contain half a character (a lone surrogate)"),
}
INVALID = N_("is not valid")
# A member of an enumeration, as Pydantic names it among the values of a Literal.
_MEMBER = re.compile(r"<[\w.]+: ('[^']*')>")


def words(fault: Any) -> str:
    """A sentence's second half for one of Pydantic's findings; never its own message, which speaks of types."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        return _sentence(context)
    if kind in ("too_long", "too_short") and isinstance(fault["input"], str):
        kind = f"string_{kind}"  # behind a validator of ours Pydantic no longer knows that it is a text
    if kind == "string_too_short" and context["min_length"] > 1:
        return _("must have at least %(min_length)s characters", **context)
    if kind == "too_short" and context["min_length"] == 1:
        return _("must have at least one entry")
    if "expected" in context:
        context = {**context, "expected": one_of(_permitted(context["expected"]))}
    return _(WORDS.get(kind, INVALID), **context)


def _permitted(expected: str) -> list[str]:
    """The values that Pydantic names in English, "'a', 'b' or 'c'", or "<Role.A: 'a'> or <Role.B: 'b'>"."""
    return [_MEMBER.sub(r"\1", one).strip("'") for one in re.split(r", | or ", expected)]


def _sentence(context: Any) -> str:
    """What a validator says: one of ours why the value is wrong, that of an address why it is none."""
    if "reason" in context:
        return _("must be an e-mail address like ada@example.org")
    error = context.get("error")
    return str(error) if isinstance(error, Wrong) else _(INVALID)
