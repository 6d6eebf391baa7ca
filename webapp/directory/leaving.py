"""Whoever has left the directory: their logins and tokens end, though nobody tells Cairn."""

import logging

from webapp.auth import standing
from webapp.config import of_this_app
from webapp.config.ldap import PROVIDER
from webapp.db import release
from webapp.sso import people

log = logging.getLogger("cairn.auth")

# How many are asked for over one connection, which has the time of one login.
AT_ONCE = 20
# If so many are gone, and these are more than half of all, it is the settings that are wrong, and not they that left.
MANY = 5


def end_logins() -> int:
    """End the logins and tokens of everybody who is linked and there no more, or disabled; of how many.

    Whoever has several entries there, as after a merge, is gone with the last of them.

    Raises Unavailable if the directory has trouble: then nobody's end.
    """
    settings = of_this_app()
    if settings.ldap_url is None:
        return 0
    from webapp.directory import asking  # only here: few have a directory

    linked = people.logged_in(PROVIDER)
    release()
    there: dict[str, bool] = {}
    subjects = [subject for _, subject in linked]
    for first in range(0, len(subjects), AT_ONCE):
        there |= asking.are_there(settings, subjects[first : first + AT_ONCE])
    everybody = {user_id for user_id, _ in linked}
    gone = sorted(everybody - {user_id for user_id, subject in linked if there[subject]})
    if len(gone) >= MANY and len(gone) * 2 > len(everybody):
        log.error("directory_lost_many gone=%s of=%s", len(gone), len(everybody))
        return 0
    for user_id in gone:
        standing.end_sign_ins(user_id, provider=PROVIDER)
    return len(gone)
