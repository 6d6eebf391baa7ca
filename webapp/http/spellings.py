"""Other spellings of our addresses: asked for only once an address is known to be nobody's.

Both ways end at an address that is built from what matched, never from what was sent: it cannot lead off this site.
"""

import re

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

KEY_AND_NUMBER = re.compile("/([A-Za-z][A-Za-z0-9]{1,9})-([1-9][0-9]{0,17})/?")


def meant() -> str | None:
    """The address that an unknown one means: `/KEY-12` an issue, one with a slash at its end the one without."""
    if request.routing_exception is None:
        return None  # the address is known; what it led to is not
    found = _issue() or _without_slash()
    query = request.query_string.decode(errors="replace")
    return f"{found}?{query}" if found and query else found


def _issue() -> str | None:
    named = KEY_AND_NUMBER.fullmatch(request.path)
    return url_for("issues.show", project=named[1].upper(), number=int(named[2])) if named else None


def _without_slash() -> str | None:
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not request.path.rstrip("/") or not request.path.endswith("/"):
        return None
    try:
        endpoint, values = adapter.match(request.path.rstrip("/"))
    except HTTPException:
        return None
    return url_for(endpoint, **values, _method=request.method)
