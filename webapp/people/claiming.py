"""Being somebody who was imported, by the link of an invitation that an administrator has sent.

Whoever follows it chooses a password, and is that person from then on. Who has an account already logs in, and all
that stands under the imported name becomes theirs, as by a merge. An administrator has asked for it, so it matters
neither whether registration is closed nor, to who comes in elsewhere, whom a provider welcomes.
"""

from webapp import eyes
from webapp.access import Viewer
from webapp.auth import making, passwords, standing
from webapp.auth.schemas import RegisterIn
from webapp.config import of_this_app
from webapp.db import transaction
from webapp.errors import Over
from webapp.i18n import _
from webapp.links import claiming, confirming
from webapp.links.rows import Claim
from webapp.mail import service as mail
from webapp.people import joining, merging, repository
from webapp.people.rows import Claimed
from webapp.people.schemas import ClaimantIn


def get(token: str) -> Claimed:
    """Whom the link makes its holder. Raises Over."""
    claim, user = claiming.get(token)
    _require_sent(claim)
    with eyes.through(None):
        has = joining.belongings(user.id)
    return Claimed(user.name, claim.email, has.issues, has.comments, has.assigned, claim.expires_at)


def takes_passwords() -> bool:
    """Whether a password can be chosen; else people come in elsewhere first."""
    return of_this_app().takes_passwords


def accept(token: str, by: Viewer) -> None:
    """Let all that stands under the imported name be one's own; the link is used up. Raises Over."""
    with eyes.through(None):
        _accept(token, by)


def register(token: str, draft: ClaimantIn, *, address: str) -> Viewer:
    """Be that person, with the address that was invited and a password.

    `address` is where the request comes from. Raises Over, Forbidden where nobody has a password, and what
    `making.prepare` and `give` do.
    """
    passwords.require_taken()
    claim, _user = claiming.get(token)
    entry = RegisterIn(name=draft.name, email=claim.email, password=draft.password)
    return _register(token, draft, making.prepare(entry, address=address))


@transaction
def _accept(token: str, by: Viewer) -> None:
    _claim, meant = claiming.get(token)
    both = merging.locked(meant.id, by.id)
    claim, _user = claiming.taken(token)
    _require_sent(claim)
    if claim.mailed:
        confirming.prove(by, claim.email)
    merging.join(both[meant.id], both[by.id], invited=claim.email)


@transaction
def _register(token: str, draft: ClaimantIn, hashed: str) -> Viewer:
    standing.take_turns()
    claim, user = claiming.taken(token)
    _require_sent(claim)
    making.give(user, draft.name, claim.email, hashed, confirmed=claim.mailed, time_zone=draft.time_zone)
    person = Viewer.of(user)
    if mail.is_configured() and not claim.mailed:
        confirming.write(person)
    return person


def _require_sent(claim: Claim) -> None:
    """Go on only if whoever sent it still looks after people. Raises Over."""
    if repository.administrator(claim.by_id) is None:
        raise Over(_("Whoever sent this invitation looks after people here no longer. Ask an administrator."))
