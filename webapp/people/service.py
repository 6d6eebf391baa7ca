"""What administrators do about accounts. Nobody does it to themselves: who would let them in again?"""

from dataclasses import asdict

from webapp.access import Viewer, require_administrator
from webapp.auth import standing
from webapp.db import transaction
from webapp.errors import Conflict, NotFound
from webapp.factors import service as factors
from webapp.i18n import N_, _
from webapp.paging import COUNTED, Cut, bounded, cut, place
from webapp.people import repository
from webapp.people.rows import AccountDetail, AccountRow, Ways
from webapp.people.schemas import AccountEdit, PeopleQuery
from webapp.sso import service as sso

REFUSAL = N_("Only administrators look after people.")
NAMELESS = N_("%(name)s stands for all whom an import does not name: that is more than one person.")


def listing(query: PeopleQuery, by: Viewer) -> Cut[AccountRow]:
    """Those who are asked for, by name. Raises Forbidden for who is no administrator."""
    require_administrator(by, _(REFUSAL))
    at = place(query.cursor, str, int)
    rows = repository.listed(query.q, query.state, at, query.limit + 1)
    page = cut(rows, query.limit, at, lambda row: (row.sort_key, row.id))
    page.total = bounded(repository.count(query.q, query.state, COUNTED + 1))
    return page


def get(user_id: int, by: Viewer) -> AccountRow:
    """Somebody's account. Raises Forbidden for who is no administrator, NotFound."""
    require_administrator(by, _(REFUSAL))
    found = repository.numbered(user_id)
    if found is None:
        raise NotFound()
    return found


def detail(user_id: int, by: Viewer) -> AccountDetail:
    """The same with their logins elsewhere. Raises Forbidden, NotFound."""
    account = get(user_id, by)
    return AccountDetail(**asdict(account), identities=sso.own(user_id))


def refuse_nameless(account: AccountRow) -> None:
    """Go on only if they are one person. Raises Conflict for whoever stands for all whom an import does not name."""
    if account.is_nameless:
        raise Conflict(_(NAMELESS, name=account.name))


def ways(account: AccountRow) -> Ways:
    """By how many ways they are in at present."""
    return repository.ways(account.id)


@transaction
def edit(user_id: int, changes: AccountEdit, by: Viewer) -> AccountRow:
    """Say whether somebody may log in, and whether they are an administrator.

    Raises Forbidden, NotFound, Conflict for oneself and for the last administrator, Invalid for who cannot log in and
    is to be an administrator.
    """
    require_another(user_id, by)
    sent = changes.model_dump(exclude_unset=True)
    if "is_active" in sent:
        (standing.activate if sent["is_active"] else standing.deactivate)(user_id)
    if "is_admin" in sent:
        (standing.make_administrator if sent["is_admin"] else standing.unmake_administrator)(user_id)
    return get(user_id, by)


@transaction
def reset_factors(user_id: int, by: Viewer) -> None:
    """Take away what somebody has lost: their password alone lets them in. Raises Forbidden, NotFound, Conflict."""
    require_another(user_id, by)
    factors.reset(user_id)


@transaction
def end_sign_ins(user_id: int, by: Viewer) -> None:
    """End all of somebody's logins and tokens. Raises Forbidden, NotFound, Conflict for oneself."""
    require_another(user_id, by)
    standing.end_sign_ins(user_id)


def unlink(user_id: int, identity_id: int, by: Viewer) -> None:
    """Let a login elsewhere let somebody in no longer, and take what its groups gave: it may be their last way in.

    Raises Forbidden, NotFound, Conflict for oneself.
    """
    _require_another(user_id, by)
    sso.take_back(user_id, identity_id)
    _unlink(user_id, identity_id, by)


@transaction
def _unlink(user_id: int, identity_id: int, by: Viewer) -> None:
    require_another(user_id, by)
    sso.remove(user_id, identity_id)


def require_another(user_id: int, by: Viewer) -> None:
    """Go on only if an administrator does it to somebody else, one at a time. Raises Forbidden, Conflict."""
    _require_another(user_id, by)
    standing.take_turns()


def _require_another(user_id: int, by: Viewer) -> None:
    require_administrator(by, _(REFUSAL))
    if user_id == by.id:
        raise Conflict(_("This is your own account. Ask another administrator."))
