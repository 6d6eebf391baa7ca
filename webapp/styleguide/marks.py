"""The icons that there are."""

import re
from collections.abc import Sequence
from functools import cache

from webapp.config import ROOT


@cache
def icons() -> Sequence[str]:
    """Their names, in the order of the sprite."""
    return re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons.svg").read_text())
