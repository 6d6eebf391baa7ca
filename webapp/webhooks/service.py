"""Hooks of a project, which its owners look after, and those that are told of all, which are administrators'."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from webapp.access import Do, Viewer, require, require_administrator
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.i18n import N_, _
from webapp.outside import guard
from webapp.paging import COUNTED, Cut, bounded, cut, place
from webapp.projects.service import ProjectRow
from webapp.webhooks import deliveries, repository, sending, signing
from webapp.webhooks.rows import Delivered, Hook
from webapp.webhooks.schemas import EVERYTHING, KNOWN, DeliveryQuery, WebhookEdit, WebhookIn
from webapp.webhooks.standing import standing

MOST = 20
# So many tests and repetitions may wait.
AT_ONCE = 5
KEPT = timedelta(days=30)
MANY = 1_000
# How long a page waits for a name to be looked up, in seconds.
LOOKING = 2.0


def require_manage(project: ProjectRow | None, by: Viewer) -> None:
    """Go on only if `by` looks after the hooks there. Raises Forbidden."""
    if project is not None:
        require(by, Do.MANAGE_WEBHOOKS, project)
    else:
        require_administrator(by, _("Only administrators look after the webhooks of all projects."))


def of(project: ProjectRow | None, by: Viewer) -> Sequence[Hook]:
    """The hooks of a project, or those of all."""
    require_manage(project, by)
    return repository.of(_id(project))


def get(project: ProjectRow | None, hook_id: int, by: Viewer) -> Hook:
    """One of them. Raises NotFound."""
    require_manage(project, by)
    found = repository.numbered(_id(project), hook_id)
    if found is None:
        raise NotFound()
    return found


def ended_number() -> int:
    """How many of those of all projects are switched off as they failed. Whoever asks has asked for the right."""
    return repository.ended(None)


def create(project: ProjectRow | None, draft: WebhookIn, by: Viewer) -> tuple[Hook, str]:
    """A new hook and its secret, which is told only now. Raises Invalid for an address that must not be asked."""
    require_manage(project, by)
    _check(draft.url)
    return _create(project, draft, by)


def edit(project: ProjectRow | None, hook_id: int, changes: WebhookEdit, by: Viewer) -> Hook:
    """Change a hook, or switch it on or off. Raises Invalid for an address that must not be asked."""
    found = get(project, hook_id, by)
    if changes.url is not None and changes.url != found.url:
        _check(changes.url)
    return _edit(project, hook_id, changes, by)


@transaction
def rotate(project: ProjectRow | None, hook_id: int, by: Viewer) -> tuple[Hook, str]:
    """Give a hook another secret, which is told only now; for a day what is sent is signed with both.

    A second time within a minute it is the same one, so that the former secret is still the one in use.
    """
    require_manage(project, by)
    repository.lock(_id(project))
    found = get(project, hook_id, by)
    if signing.is_just_rotated(found):
        return found, signing.secret_of(found.salt)
    salt = signing.new_salt()
    _note(Kind.WEBHOOK_ROTATED, found, project, by)
    return repository.rotate(found.id, salt, signing.OVERLAP), signing.secret_of(salt)


@transaction
def remove(project: ProjectRow | None, hook_id: int, by: Viewer) -> None:
    """Delete a hook, its log, and what waits to be sent there."""
    found = get(project, hook_id, by)
    deliveries.forget(found.id)  # before the hook, as whoever notes how a try went takes them in this order
    repository.remove(found.id)
    _note(Kind.WEBHOOK_REMOVED, found, project, by)


@transaction
def test(project: ProjectRow | None, hook_id: int, by: Viewer) -> Delivered:
    """Have something sent there that says nothing. Raises Conflict while too much is on its way."""
    found = get(project, hook_id, by)
    _refuse_floods(found)
    made = deliveries.add_test(found.id)
    sending.enqueue([made])
    return _delivery(found, made)


@transaction
def redeliver(project: ProjectRow | None, hook_id: int, delivery_id: int, by: Viewer) -> Delivered:
    """Have the same sent again, under the same id. Raises Conflict for what was never sent."""
    found = get(project, hook_id, by)
    _delivery(found, delivery_id)
    _refuse_floods(found)
    made = deliveries.repeat(delivery_id)
    if made is None:
        raise Conflict(_("It has not been sent yet. Wait until it was tried once."))
    sending.enqueue([made])
    return _delivery(found, made)


def log(project: ProjectRow | None, hook_id: int, query: DeliveryQuery, by: Viewer) -> Cut[Delivered]:
    """What a hook was told in the last 30 days, the newest first."""
    found = get(project, hook_id, by)
    at = place(query.cursor, int)
    page = cut(deliveries.listed(found.id, at, query.limit + 1), query.limit, at, lambda row: (row.id,))
    page.total = bounded(deliveries.count(found.id, COUNTED + 1))
    return page


def delivery(project: ProjectRow | None, hook_id: int, delivery_id: int, by: Viewer) -> Delivered:
    """One of them, with what was sent and answered. Raises NotFound."""
    return _delivery(get(project, hook_id, by), delivery_id)


@transaction
def hear(change: UUID) -> None:
    """Have every hook told of a change that asked for it. What was told before is not told again."""
    made = deliveries.hear(change, [kind for kind in KNOWN if kind != EVERYTHING])
    if made:
        sending.enqueue(made)


def erase(issue_ids: Collection[int]) -> None:
    """Let the log say nothing of these issues any more. What was not sent yet is put into words anew."""
    deliveries.erase(issue_ids)


@transaction
def clear() -> int:
    """Forget some of the deliveries that are older than 30 days; how many."""
    return deliveries.clear(KEPT, MANY)


@transaction
def _create(project: ProjectRow | None, draft: WebhookIn, by: Viewer) -> tuple[Hook, str]:
    require_manage(project, by)
    repository.lock(_id(project))
    known = repository.of(_id(project))
    if again := next((one for one in known if _is_the_same(one, draft, by)), None):
        return again, signing.secret_of(again.salt)
    if len(known) >= MOST:
        raise Conflict(_("There are %(most)s webhooks. Delete those that are no longer used.", most=MOST))
    salt = signing.new_salt()
    made = repository.add(_id(project), by.id, draft.model_dump(mode="json"), salt)
    _note(Kind.WEBHOOK_CREATED, made, project, by, after=_said(made))
    return made, signing.secret_of(salt)


def _is_the_same(one: Hook, draft: WebhookIn, by: Viewer) -> bool:
    """Whether somebody has just made this, and sent the form twice."""
    is_own = one.created_by == by.id and signing.is_just_made(one)
    wanted = draft.model_dump(mode="json")
    return is_own and (one.url, one.form, list(one.events)) == (wanted["url"], wanted["form"], wanted["events"])


@transaction
def _edit(project: ProjectRow | None, hook_id: int, changes: WebhookEdit, by: Viewer) -> Hook:
    found = get(project, hook_id, by)
    if changes.is_on is False:
        deliveries.drop(N_("The webhook was switched off."), hook_id=found.id)
    changed = repository.change(found.id, changes.model_dump(mode="json", exclude_unset=True))
    before, after = audit.differing(_said(found), _said(changed))
    if changed.url != found.url or after:
        _note(Kind.WEBHOOK_CHANGED, found, project, by, before=before, after=after or {"place": changed.place})
    return changed


def _said(hook: Hook) -> dict[str, Any]:
    """What the audit log says of a hook: where it leads, without what may be a secret in that."""
    return {"place": hook.place, "form": hook.form, "events": list(hook.events), "is_on": hook.is_on}


def _note(kind: Kind, hook: Hook, project: ProjectRow | None, by: Viewer, **told: Any) -> None:
    audit.note(kind, actor=by, target=audit.Target("webhook", hook.id, hook.place), project=project, **told)


def _delivery(found: Hook, delivery_id: int) -> Delivered:
    known = deliveries.numbered(found.id, delivery_id)
    if known is None:
        raise NotFound()
    return known


def _refuse_floods(found: Hook) -> None:
    """Nobody makes this machine ask another one as often as they can press a button."""
    if deliveries.by_hand(found.id) >= AT_ONCE:
        raise Conflict(_("%(number)s are on their way already. Wait until they were sent.", number=AT_ONCE))


def _check(url: str) -> None:
    """Refuse what leads inwards, as far as it is known now; it is asked again whenever something is sent."""
    try:
        guard.addresses(guard.target(url), standing().allowed, LOOKING)
    except guard.Refused as refusal:
        raise Invalid.on("url", str(refusal)) from None
    except guard.Unknown:
        pass


def _id(project: ProjectRow | None) -> int | None:
    return project.id if project is not None else None
