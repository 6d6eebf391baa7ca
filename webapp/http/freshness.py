"""What asks again who somebody is, if they have not shown it within a quarter of an hour.

A browser that is left open, and a token that is copied, may read and write; they may not change the locks. How long
ago somebody has typed their password stands in their token, and does not grow with use.
"""

import time
from datetime import timedelta
from typing import Any

FRESH = timedelta(minutes=15)
# All that does, and `projects.update` where it changes who sees a project. Whatever else writes into the tables that
# these write into says why not: tests/locks.py.
SENSITIVE = frozenset(
    {
        "administration.change_settings",
        "all_webhooks.create", "all_webhooks.remove", "all_webhooks.rotate", "all_webhooks.update",
        "auth.end_other_sign_ins", "auth.end_sign_in",
        "blocks.block", "blocks.unblock",
        "claiming.accept",
        "code_hosts.create", "code_hosts.remove", "code_hosts.rotate", "code_hosts.update",
        "factors.add_authenticator", "factors.add_passkey", "factors.remove_authenticator", "factors.remove_passkey",
        "factors.renew_codes",
        "feeds.create", "feeds.revoke", "feeds.update",
        "links.ask_move", "links.move",
        "mail_in.choose",
        "members.add", "members.remove", "members.renew", "members.transfer", "members.update",
        "people.end_sign_ins", "people.invite", "people.merge", "people.purge", "people.reset_factors",
        "people.unlink", "people.update",
        "personal_tokens.create", "personal_tokens.update",
        "projects.remove",
        "sso.link", "sso.unlink",
        "webhooks.create", "webhooks.remove", "webhooks.rotate", "webhooks.update",
    }
)  # fmt: skip


def until() -> int:
    """Until when (Unix seconds) it counts that somebody shows now who they are."""
    return int(time.time() + FRESH.total_seconds())


def holds(claims: dict[str, Any]) -> bool:
    """Whether the token with these claims is of somebody who has just shown who they are."""
    said = claims.get("fresh")
    return type(said) is int and said > time.time()
