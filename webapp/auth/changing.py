"""Another password for an account: by whoever knows the present one, by a link of a mail, or by a command."""

from dataclasses import replace

from webapp.access import Viewer
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import passwords, repository
from webapp.auth.schemas import PasswordIn, as_registered
from webapp.auth.service import Lasting, Login, Source, begin, end_all, end_tokens, require_password
from webapp.config.keys import Ring
from webapp.db import transaction
from webapp.errors import Invalid, Overtaken
from webapp.i18n import _
from webapp.mail import service as mail
from webapp.models.accounts import User


def change_password(
    by: Viewer, entry: PasswordIn, *, source: Source, lasting: Lasting, refresh_key: Ring | None = None
) -> Login:
    """Change one's own password. All one's sign-ins end; a new one begins in their place.

    Raises Invalid for a wrong current password or one that is easily guessed, TooMany after failures,
    Unavailable in a rush, Conflict if it was changed meanwhile.
    """
    passwords.require_taken()
    before = require_password(by, entry.current_password, source=source)
    refuse_guessable("new_password", entry.new_password, by.name, by.email)
    hashed = passwords.hashed(entry.new_password)
    return replace(_exchange(by.id, before, hashed, entry, source.agent, lasting, refresh_key), is_proved=True)


@transaction
def set_password(email: str, password: str) -> None:
    """Give somebody another password and end all their sign-ins. Raises Invalid for an unknown address."""
    user = repository.credentials(as_registered(email))
    if user is None:
        raise Invalid.on("email", _("belongs to nobody here."))
    give(user, passwords.hashed(password))
    end_tokens(user)
    audit.note(Kind.PASSWORD_CHANGED, target=audit.person(user))


@transaction
def _exchange(
    user_id: int,
    before: str | None,
    after: str,
    entry: PasswordIn,
    agent: str,
    lasting: Lasting,
    refresh_key: Ring | None,
) -> Login:
    user = repository.locked_user(user_id)
    if user is None or user.password_hash != before:
        raise Overtaken(_("Your password was changed meanwhile."))
    give(user, after)
    if entry.revoke_tokens:
        end_tokens(user)
    audit.note(Kind.PASSWORD_CHANGED, target=audit.person(user))
    return begin(Viewer.of(user), agent=agent, lasting=lasting, refresh_key=refresh_key)


def give(user: User, password_hash: str) -> None:
    """Let this be somebody's password, whose row is locked: all their sign-ins end, and they hear of it by mail."""
    user.password_hash = password_hash
    end_all(user)
    mail.post("password_changed", user, {})


def refuse_guessable(field: str, password: str, name: str, email: str) -> None:
    """Raises Invalid for a password that is easily guessed, Unavailable in a rush."""
    if passwords.guessable(password, [name, *email.split("@")]):
        raise Invalid.on(field, _("is too easy to guess. Several uncommon words make a good one."))
