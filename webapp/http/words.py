"""Pydantic's findings in our words."""

from typing import Any

WORDS = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "string_type": "must be text",
    "string_too_short": "is required",
    "string_too_long": "must have at most {max_length} characters",
    "uuid_type": "must be an id like 0b4c3f52-1d8e-4a77-9c0d-6f2f3a1e5b90",
    "uuid_parsing": "must be an id like 0b4c3f52-1d8e-4a77-9c0d-6f2f3a1e5b90",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have at least {min_length} entries",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "date_type": "must be a date like 2026-03-31",
    "date_parsing": "must be a date like 2026-03-31",
    "date_from_datetime_parsing": "must be a date like 2026-03-31",
    "date_from_datetime_inexact": "must be a date like 2026-03-31",
    "model_type": "must be an object",
    "json_invalid": "is not well-formed",
    "string_unicode": "must not contain half a character (a lone surrogate)",
}


def words(fault: Any) -> str:
    """A sentence's second half for one of Pydantic's findings; never its own message, which speaks of types."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        return _sentence(context)
    if kind in ("too_long", "too_short") and isinstance(fault["input"], str):
        kind = f"string_{kind}"  # behind a validator of ours Pydantic no longer knows that it is a text
    if kind == "string_too_short" and context["min_length"] > 1:
        return f"must have at least {context['min_length']} characters"
    if kind == "too_short" and context["min_length"] == 1:
        return "must have at least one entry"
    return WORDS.get(kind, "is not valid").format(**context)


def _sentence(context: Any) -> str:
    """What a validator says: one of ours a sentence's second half, that of an address why it is none."""
    if "reason" in context:
        return "must be an e-mail address like ada@example.org"
    told = str(context.get("error", ""))
    return told if told[:1].islower() else "is not valid"
