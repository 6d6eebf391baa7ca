from collections.abc import Sequence
from typing import NoReturn

from webapp import clock
from webapp.access import Viewer
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import making, passwords
from webapp.auth import service as auth
from webapp.auth.schemas import as_registered
from webapp.config import of_this_app
from webapp.config.sso import OidcProvider
from webapp.config.sso_rules import Rules
from webapp.db import transaction
from webapp.errors import Conflict, Forbidden, NotFound, SignInNeeded
from webapp.i18n import _
from webapp.links import claiming
from webapp.mail import service as mail
from webapp.models.accounts import User
from webapp.models.sso import OutsideIdentity
from webapp.sso import granting, naming, repository
from webapp.sso.rows import Identity, IdentityRow


class LinkNeeded(Conflict):
    """Somebody here has the address already: they have to come in as before, and then agree."""

    type = "urn:cairn:link_required"

    def __init__(self, identity: Identity, label: str, link_token: str = "") -> None:
        super().__init__(
            _(
                "%(email)s has an account here, which is not linked with %(label)s. Log in to it, and agree to that.",
                email=identity.email,
                label=label,
            )
        )
        self.identity = identity
        self.more = {"link_token": link_token} if link_token else {}


def recognised(identity: Identity, rules: Rules) -> User:
    """Who comes in: whose login it is, or somebody new, where the provider may bring such.

    What their groups there are worth here they have from then on. It lets nobody in who has a second factor here:
    `entering.come_from` asks for it. Raises LinkNeeded where the address is somebody's already, whom this login does
    not belong to yet; Forbidden for who is not to come in so; Deactivated.
    """
    user = repository.owner(identity.provider, identity.subject)
    if user is None:
        user = _welcomed(identity, rules)
    elif not user.is_active:
        auth.refuse_deactivated(user, identity.provider)
    else:
        user = _used(identity, user.id)
    granting.apply(identity, user.id, identity.groups, rules)
    return repository.person(user.id) or user


def owner(identity: Identity) -> User | None:
    """Whose login it is, if it is anybody's here already."""
    return repository.owner(identity.provider, identity.subject)


def own(user_id: int) -> Sequence[IdentityRow]:
    """By which logins elsewhere a person comes in, the oldest first."""
    return repository.of(user_id)


def is_of(user_id: int, provider: str) -> bool:
    """Whether the person comes in by this provider."""
    return repository.has_of(user_id, provider)


def link(identity: Identity, rules: Rules, by: Viewer) -> IdentityRow:
    """Let somebody who is logged in, and agrees, come in by this login as well. They hear of it by mail.

    Raises Conflict where it is somebody else's.
    """
    if _link(identity, rules, by):
        granting.apply(identity, by.id, identity.groups, rules)
    return next(one for one in repository.of(by.id) if _is_same(one, identity))


@transaction
def _link(identity: Identity, rules: Rules, by: Viewer) -> bool:
    user = repository.locked_person(by.id)
    if user is None:
        raise SignInNeeded()
    held = repository.owner(identity.provider, identity.subject)
    if held is not None and held.id != by.id:
        raise Conflict(_("This login at %(label)s belongs to another account here.", label=rules.label))
    if held is None:
        _keep(identity, user)
        audit.note(Kind.IDENTITY_LINKED, actor=by, target=audit.person(by), after=_told(identity))
        mail.post("identity", user, {"what": "linked", "provider": identity.provider})
    return held is None


def unlink(identity_id: int, by: Viewer) -> None:
    """Let one of one's own logins elsewhere let one in no longer, and take what its groups gave. They hear of it.

    Raises NotFound, Conflict for the last way in.
    """
    _require_another_way(repository.person(by.id), but=identity_id)
    take_back(by.id, identity_id)
    _unlink(identity_id, by)


@transaction
def _unlink(identity_id: int, by: Viewer) -> None:
    user = repository.locked_person(by.id)
    _require_another_way(user, but=identity_id)
    remove(by.id, identity_id)


def take_back(user_id: int, identity_id: int) -> None:
    """Take what somebody's groups at one of their logins elsewhere gave, before it is removed. Raises NotFound."""
    granting.take_back(_one_of(user_id, identity_id), user_id)


@transaction
def remove(user_id: int, identity_id: int) -> None:
    """Let somebody's login elsewhere let them in no longer. They hear of it.

    Raises NotFound, Conflict while it gives anything.
    """
    user, found = repository.locked_person(user_id), _one_of(user_id, identity_id)
    row = repository.locked(found.provider, found.subject)
    if user is None or row is None:
        raise NotFound()
    granting.refuse_while_it_gives(row, user)
    repository.remove(identity_id)
    audit.note(Kind.IDENTITY_UNLINKED, target=audit.person(user), before=_told(found))
    mail.post("identity", user, {"what": "unlinked", "provider": found.provider})


def rules_of(provider: str) -> Rules:
    """Whom a provider lets in, or the directory. Raises NotFound."""
    found = next((one for one in of_this_app().rules if one.id == provider), None)
    if found is None:
        raise NotFound()
    return found


def labels() -> dict[str, str]:
    """What providers are called, by their names in the settings."""
    return {one.id: one.label for one in of_this_app().rules}


def offered(user_id: int) -> list[OidcProvider]:
    """The providers by which the person comes in, of those that there are."""
    theirs = {one.provider for one in repository.of(user_id)}
    return [one for one in of_this_app().providers if one.id in theirs]


def has_password(user_id: int) -> bool:
    """Whether a password is the person's."""
    user = repository.person(user_id)
    return user is not None and passwords.is_one(user.password_hash)


def refuse(identity: Identity, said: str, why: str) -> NoReturn:
    """Note that somebody came who is not let in. Raises Forbidden."""
    audit.note(Kind.LOGIN_FAIL, after={**_told(identity), "why": why}, refused=True)
    raise Forbidden(said)


def _welcomed(identity: Identity, rules: Rules) -> User:
    """Somebody new."""
    email = as_registered(identity.email or "")
    if not naming.is_address(email) or not identity.is_email_verified:
        said = _("%(label)s does not vouch for an e-mail address of yours. Ask whoever runs it.", label=rules.label)
        refuse(identity, said, "address not verified")
    if repository.addressed(email) is not None:
        raise LinkNeeded(identity, rules.label)
    if not rules.welcomes(email) and not claiming.expects(email):
        refuse(identity, _("%(email)s has no account here. Ask an administrator for one.", email=email), "unknown")
    return _made(identity, email)


@transaction
def _made(identity: Identity, email: str) -> User:
    name = naming.of(identity.name, email)
    made = making.create(name, email, passwords.NONE, confirmed=True)
    user = repository.locked_person(made.id)
    if user is None:
        raise NotFound()
    _keep(identity, user)
    return user


@transaction
def _used(identity: Identity, user_id: int) -> User:
    user, row = repository.locked_person(user_id), repository.locked(identity.provider, identity.subject)
    if user is None or row is None or row.user_id != user_id:  # unlinked meanwhile
        raise SignInNeeded()
    row.last_used_at, row.email = clock.now(), identity.email
    return user


def _keep(identity: Identity, user: User) -> None:
    row = OutsideIdentity(
        provider=identity.provider, subject=identity.subject, user_id=user.id, email=identity.email, granted={}
    )
    row.last_used_at = clock.now()
    repository.add(row)


def _one_of(user_id: int, identity_id: int) -> IdentityRow:
    found = next((one for one in repository.of(user_id) if one.id == identity_id), None)
    if found is None:
        raise NotFound()
    return found


def _require_another_way(user: User | None, *, but: int) -> None:
    """Go on only if somebody keeps a way in. Raises NotFound for a login that is not theirs, Conflict."""
    if user is None:
        raise NotFound()
    _one_of(user.id, but)
    if not _has_another_way(user, but=but):
        raise Conflict(_("This is the only way in that you have. Link another login first."))


def _has_another_way(user: User, *, but: int) -> bool:
    """Whether somebody may still come in without one of their logins elsewhere."""
    settings = of_this_app()
    there = {one.id for one in settings.rules}
    others = any(one.id != but and one.provider in there for one in repository.of(user.id))
    return others or (settings.takes_passwords and passwords.is_one(user.password_hash))


def _told(one: Identity | IdentityRow) -> dict[str, str | None]:
    return {"provider": one.provider, "subject": one.subject}


def _is_same(row: IdentityRow, identity: Identity) -> bool:
    return (row.provider, row.subject) == (identity.provider, identity.subject)
