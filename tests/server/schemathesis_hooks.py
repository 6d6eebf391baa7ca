"""What generated requests leave out."""

import schemathesis

from webapp.types import clean


@schemathesis.hook
def filter_headers(context, headers):
    """gunicorn itself refuses a header name with an underscore, before Cairn sees the request."""
    return not any("_" in name for name in headers or {})


@schemathesis.hook
def filter_body(context, body):
    """A text that is too long only by blanks and the like is not: these are taken away before it is measured."""
    values = body.values() if isinstance(body, dict) else ()
    return not any(_shrinks(value) for value in values if isinstance(value, str) and len(value) > 30)


@schemathesis.hook
def filter_query(context, query):
    """A value that is empty, or blank, was not chosen: the forms of lists send all of their fields."""
    values = [one for value in (query or {}).values() for one in (value if isinstance(value, list) else [value])]
    return not any(value == "" or _shrinks(value) for value in values if isinstance(value, str))


def _shrinks(text):
    try:
        return clean(text) != text
    except ValueError:  # refused for another reason
        return False
