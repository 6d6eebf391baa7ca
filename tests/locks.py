"""Whatever a request writes into the tables that say who may come in, and what they may do."""

import re
from typing import Any

from flask import has_request_context, request

from webapp.http.application import noted
from webapp.http.freshness import SENSITIVE

_TABLES = "sign_ins|personal_tokens|memberships|invitations|feed_tokens|webhooks|code_hosts|project_mailboxes"
_TABLES += "|authenticators|passkeys|recovery_codes|outside_identities|project_blocks"
LOCKS = re.compile(
    rf"\b(?:INSERT INTO (?:{_TABLES}) |DELETE FROM (?:projects|{_TABLES}) |UPDATE (?:{_TABLES}) SET (?!(?:last_)?used_(?:on|at)=\S+ WHERE)"
    r"|UPDATE users SET .*\b(?:password_hash|email|is_admin|is_active|token_epoch|has_factor)="
    r"|UPDATE projects SET .*\b(?:visibility|private_role)=)",
    re.DOTALL,
)
# These ask for no password within a quarter of an hour, and why.
EXEMPT = {
    "auth.change_password": "asks for the password itself",
    "auth.confirm": "asks for it",
    "auth.login": "asks for it",
    "auth.login_by_passkey": "asks for a passkey",
    "factors.login": "asks for a second factor, after the password",
    "factors.rename_passkey": "changes what it is called",
    "auth.logout": "ends nothing but the login that asks",
    "auth.refresh": "ends a login whose token was copied",
    "auth.register": "there was nobody before",
    "links.finish": "has the link of a mail",
    "links.reset": "has the link of a mail",
    "links.undo": "has the link of a mail",
    "links.confirm": "has the link of a mail",
    "sso.callback": "comes from a login elsewhere",
    "members.accept": "takes what an owner gave",
    "members.accept_own": "takes what an owner gave",
    "members.decline": "takes nothing",
    "members.register": "there was nobody before",
    "members.revoke": "takes an invitation back that nobody has taken",
    "personal_tokens.revoke": "ends only what its owner made, and in a hurry",
    "personal_tokens.revoke_all": "the same",
    "projects.create": "makes its maker an owner of what was not there",
    "claiming.register": "nobody could log in before",
    "code_hosts.receive": "notes that something came in",
    "webhooks.test": "notes that something was sent",
}


def unproved(statement: str) -> str | None:
    """What a statement changes within a request whose endpoint need not ask again who that is, and is not exempt."""
    if not has_request_context() or not LOCKS.search(statement):
        return None
    endpoint: Any = request.endpoint
    is_asked = endpoint in SENSITIVE or noted().get("fresh")
    return None if is_asked or endpoint in EXEMPT else f"{endpoint}: {statement[:120]}"
