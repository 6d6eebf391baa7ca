"""Who may look at the mails that lie in the data folder: with their links one can become anybody.

Whoever asks from this very machine, as those who develop do, and administrators. In production there are none.
"""

from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from flask import request

from webapp.config.mail_url import LOCAL
from webapp.errors import Forbidden, NotFound
from webapp.http import viewer
from webapp.i18n import _
from webapp.mail import lying
from webapp.mail.lying import Lying
from webapp.mail.office import office


def newest() -> Sequence[Lying]:
    """Those that were written last. Raises NotFound where mail is sent, Forbidden for others."""
    return lying.newest(_folder_for_who_asks())


def one(number: int) -> Lying:
    """One of them. Raises the same, and NotFound for one that is not there."""
    found = lying.one(_folder_for_who_asks(), number)
    if found is None:
        raise NotFound()
    return found


def _folder_for_who_asks() -> Path:
    folder = office().folder
    if folder is None:
        raise NotFound()
    by = viewer()
    if not _is_near() and (by is None or not by.is_admin):
        raise Forbidden(_("Mails that were not sent are shown on the machine itself, and to administrators."))
    return folder


def _is_near() -> bool:
    """Whether it is asked here, without anybody between, and under a name of this machine: no other site's."""
    try:
        is_local = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        is_local = False
    between = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    return is_local and not between and urlsplit(f"//{request.host}").hostname in LOCAL
