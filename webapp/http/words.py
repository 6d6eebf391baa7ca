"""Pydantic's findings in our words."""

from typing import Any

WORDS = {
    "missing": "is required",
    "extra_forbidden": "is not a known field",
    "string_type": "must be text",
    "string_too_short": "is required",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "does not have the right form",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "too_long": "must have at most {max_length} entries",
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
    context = fault.get("ctx", {})
    if fault["type"] == "value_error":
        told = str(context.get("error", "is not valid"))
        return told if told[:1].islower() else "must be a valid e-mail address" if "email" in told else "is not valid"
    if fault["type"] == "string_too_short" and context.get("min_length", 1) > 1:
        return f"must have at least {context['min_length']} characters"
    return WORDS.get(fault["type"], "is not valid").format(**context)
