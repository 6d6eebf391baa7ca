"""Files that come in with a form of a project, for `http/`, which knows neither files nor projects."""

from collections.abc import Callable, Mapping
from typing import IO, Any

from webapp.access import Viewer
from webapp.attachments import service as attachments
from webapp.attachments import storage
from webapp.attachments.service import sweep_some
from webapp.db import release
from webapp.projects import service as projects

__all__ = ["incoming", "most", "release", "storing", "sweep_some"]


def incoming() -> str:
    """The folder where they wait while they are read."""
    return str(storage.incoming())


def most() -> int:
    """How many bytes a form may have: two of the largest files at once, and its words."""
    return 2 * storage.limit() + storage.MIB


def storing(path: Mapping[str, Any], by: Viewer) -> Callable[[IO[bytes], str], str]:
    """What stores a file in the project of an address, and tells how a text names it."""
    project = projects.get(path["project"], by)
    return lambda stream, called: attachments.create(project, stream, called, by).markdown
