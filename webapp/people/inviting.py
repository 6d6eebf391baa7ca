"""Who was imported is invited to come in themselves: by a link that goes to the address that an administrator knows.

As with invitations to projects, where no mail reaches people the link is told once to who made it. One link at a time
holds: another one ends it.
"""

from dataclasses import replace

from webapp.access import Viewer, require_administrator
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import allowances, standing
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.i18n import _
from webapp.links import claiming
from webapp.links.rows import Claim
from webapp.mail import service as mail
from webapp.models.accounts import User
from webapp.people import repository
from webapp.people.rows import AccountRow
from webapp.people.schemas import ClaimIn
from webapp.people.service import REFUSAL, get, refuse_nameless


def by_mail() -> bool:
    """Whether invitations go by mail."""
    return mail.reaches_people()


def pending(account: AccountRow) -> Claim | None:
    """The invitation that went out for somebody, until it is taken; none for who was not imported."""
    return claiming.pending(account.id) if account.is_imported else None


def sent(user_id: int, by: Viewer) -> Claim:
    """The same. Raises Forbidden, NotFound also where there is none."""
    found = pending(get(user_id, by))
    if found is None:
        raise NotFound()
    return found


@transaction
def invite(user_id: int, draft: ClaimIn, by: Viewer) -> Claim:
    """Send whoever was imported, or is thought to be them, another link; the one until now is worth nothing any more.

    Raises Forbidden, NotFound, Conflict for who was not imported or is nameless, Invalid where no address is known,
    TooMany after many mails.
    """
    user = _at_lock(user_id, by)
    refuse_nameless(get(user_id, by))
    before = claiming.pending(user_id)
    email = draft.email or (before.email if before else user.email)
    if email is None:
        raise Invalid.on("email", _("is required."))
    token = claiming.write(user, email, by, mailed=by_mail())
    audit.note(Kind.CLAIM_SENT, actor=by, target=audit.person(user), after={"email": email})
    written = sent(user_id, by)
    if not by_mail():
        return replace(written, link=f"/claims/{token}")
    allowances.spend("mail", by)
    mail.post("claim", email, {"token": token})
    return written


@transaction
def withdraw(user_id: int, by: Viewer) -> None:
    """Take the invitation back: its link is worth nothing any more. Raises Forbidden, NotFound."""
    user = _at_lock(user_id, by)
    sent(user_id, by)
    claiming.end(user_id)
    audit.note(Kind.CLAIM_REVOKED, actor=by, target=audit.person(user))


def _at_lock(user_id: int, by: Viewer) -> User:
    """Somebody imported, until the transaction ends."""
    require_administrator(by, _(REFUSAL))
    standing.take_turns()
    user = repository.locked(user_id)
    if user is None:
        raise NotFound()
    if not get(user_id, by).is_imported:
        raise Conflict(_("%(name)s was not imported, or has an account by now.", name=user.name))
    return user
