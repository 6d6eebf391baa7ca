"""Two accounts of one person become one: what each had is the other's from then on."""

from webapp import eyes
from webapp.access import Viewer, require_administrator
from webapp.attachments import storage
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import standing
from webapp.db import after_commit, transaction
from webapp.directory import entering
from webapp.errors import Conflict, Invalid, NotFound
from webapp.i18n import _
from webapp.i18n.fields import Whole
from webapp.members import service as members
from webapp.models.accounts import User
from webapp.people import joining
from webapp.people import service as people
from webapp.people.rows import AccountRow, Merging
from webapp.sso import granting


def preview(user_id: int, into: str | None, by: Viewer) -> Merging:
    """What would happen if an account became a part of the one that is called `into`.

    Raises Forbidden, NotFound, Invalid for whom nobody is called so, Conflict for accounts that cannot be merged.
    """
    account = people.get(user_id, by)
    people.refuse_nameless(account)
    kept = people.get(named(into), by) if into else None
    if kept is not None:
        _refuse(account, kept, by)
    with eyes.through(None):
        return Merging(account, kept, joining.belongings(user_id), _password_of(account, kept))


def merge(user_id: int, into: str, by: Viewer) -> AccountRow:
    """Let everything of an account be another's, at once. Answers the other one. Raises as `preview` does."""
    require_administrator(by, _(people.REFUSAL))
    with eyes.through(None):
        _merge(user_id, named(into), by)
    return people.get(named(into), by)


def named(word: str) -> int:
    """The number of whoever has this address, handle or number. Raises Invalid."""
    found = joining.called(word)
    if found is None:
        raise _unknown()
    return found


@transaction
def _merge(user_id: int, into: int, by: Viewer) -> None:
    require_administrator(by, _(people.REFUSAL))
    both = locked(user_id, into)
    if user_id not in both:
        raise NotFound()
    if into not in both:
        raise _unknown()
    gone, kept = both[user_id], both[into]
    _refuse(people.get(user_id, by), people.get(into, by), by)
    standing.leave_an_administrator(gone)
    join(gone, kept)


def locked(user_id: int, into: int) -> dict[int, User]:
    """Both accounts, those that there are, and whatever must be held of them until the transaction ends."""
    members.take_turns(joining.projects(user_id, into))
    standing.take_turns()
    return joining.locked(user_id, into)


def join(gone: User, kept: User, **told: str) -> None:
    """Let everything of an account be another's, in the transaction that holds both. What is told is noted, too."""
    had = joining.belongings(gone.id)
    if gone.avatar is not None and kept.avatar is not None:
        _remove_later(gone.avatar)
    audit.note(
        Kind.MERGED,
        target=audit.person(kept),
        before={"id": gone.id, "name": gone.name, "email": gone.email, "handle": gone.handle, **_of_import(gone)},
        after={"issues": had.issues, "comments": had.comments, "memberships": had.memberships, **told},
    )
    granting.join(gone, kept)
    joining.join(gone, kept)


def _password_of(gone: AccountRow, kept: AccountRow | None) -> str | None:
    """Whoever is linked with the directory has its password alone; and the link goes along."""
    if kept is not None and entering.label_for(kept.id):
        return None
    return entering.label_for(gone.id) or None


def _of_import(user: User) -> dict[str, str]:
    return {"origin": user.origin} if user.origin else {}


def _remove_later(avatar: str) -> None:
    after_commit(lambda: storage.remove(avatar))


def _unknown() -> Invalid:
    return Invalid.on("into", Whole(_("Nobody here has this address, handle or number.")))


def _refuse(gone: AccountRow, kept: AccountRow, by: Viewer) -> None:
    people.refuse_nameless(gone)
    if kept.is_nameless:
        raise Conflict.on("into", Whole(_(people.NAMELESS, name=kept.name)))
    if gone.id == kept.id:
        raise Conflict.on("into", Whole(_("This is the account itself. Name another one.")))
    if gone.id == by.id:
        raise Conflict(_("This is your own account. Merge the other one into it, or ask another administrator."))
    if kept.is_imported and not gone.is_imported:
        told = _("%(name)s is imported, and cannot log in. Merge them into this account instead.", name=kept.name)
        raise Conflict.on("into", Whole(told))
    if gone.is_active and not gone.is_imported and not kept.is_active:
        told = _("%(name)s is deactivated. Activate them first, or merge them into this account.", name=kept.name)
        raise Conflict.on("into", Whole(told))
