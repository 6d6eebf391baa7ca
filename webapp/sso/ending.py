"""Logins elsewhere end where somebody takes their account back: whoever had it may have linked their own."""

from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import passwords
from webapp.config import of_this_app
from webapp.config.ldap import PROVIDER
from webapp.models.accounts import User
from webapp.models.sso import OutsideIdentity
from webapp.sso import granting, repository
from webapp.sso.rows import IdentityRow


def settle(user_id: int) -> None:
    """Take what groups gave by those of a person that are about to end: before the person is locked."""
    user = repository.person(user_id)
    for row in repository.of(user_id) if user else ():
        if user and not _stays(row, user):
            granting.take_back(row, user_id)


def end(user: User) -> None:
    """End those of a person, whose row is locked, but for those that stay. They may be linked anew.

    Raises Conflict for one that gives something since `settle`.
    """
    for row in repository.locked_of(user.id):
        if not _stays(row, user):
            granting.refuse_while_it_gives(row, user)
            repository.remove(row.id)
            told = {"provider": row.provider, "subject": row.subject}
            audit.note(Kind.IDENTITY_UNLINKED, target=audit.person(user), before=told)


def _stays(row: OutsideIdentity | IdentityRow, user: User) -> bool:
    """Whether nobody else can have made it, or it must not end.

    Who is linked with the directory has their password there, and who has left there is out here: without the link a
    former password would count again. An account without a password came with a login elsewhere, and has no other way
    in; what came with it is as old as it is.
    """
    has_password = of_this_app().takes_passwords and passwords.is_one(user.password_hash)
    return row.provider == PROVIDER or (not has_password and row.created_at <= user.created_at)
