from dataclasses import replace
from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.audit import listing as audit
from webapp.factors import sites
from webapp.http import Done, Feature, Form, Made, Page, Reply
from webapp.http.negotiation import wants_page
from webapp.i18n import _
from webapp.paging import whole
from webapp.people import inviting, merging, purging
from webapp.people import service as people
from webapp.people.schemas import (
    AccountDetailOut,
    AccountEdit,
    AccountMergeIn,
    AccountOut,
    ClaimIn,
    ClaimOut,
    MadeOut,
    MergeQuery,
    MergingOut,
    PeopleQuery,
    PurgeIn,
    PurgeQuery,
)
from webapp.profiles import service as profiles
from webapp.sso import service as sso
from webapp.types import Slice

bp = Feature("people", "/admin/people")


@bp.get("")
def index(query: PeopleQuery, by: Viewer) -> Reply[Slice[AccountOut]]:
    """Who has an account, by name. For administrators."""
    page = people.listing(query, by)
    asked: dict[str, Any] = query.model_dump(mode="json", exclude={"cursor"}, exclude_none=True)
    page.next = page.after and url_for(".index", **asked, cursor=page.after)
    page.previous = page.before and url_for(".index", **asked, cursor=page.before)
    return Page("people/list.html", page, page=page, query=query)


@bp.get("/<number:user>", form="show")
def show(user: int, by: Viewer) -> Reply[AccountDetailOut]:
    """Somebody's account. For administrators."""
    return _shown(user, by)


@bp.patch("/<number:user>", form="show")
def update(user: int, body: AccountEdit, by: Viewer) -> Reply[AccountOut]:
    """Let somebody log in or not, or be an administrator or not."""
    return Done(people.edit(user, body, by), at=url_for(".show", user=user), say=_("Saved."))


@bp.get("/<number:user>/purge", endpoint="outlook", form="outlook")
def show_outlook(user: int, query: PurgeQuery, by: Viewer) -> Reply[MadeOut]:
    """What somebody made in some days. For administrators, before they purge it."""
    made = purging.outlook(user, query.last_days, by)
    account = people.get(user, by)
    return Page("people/purge.html", made, made=made, account=account, form=Form.of({"last_days": query.last_days}))


@bp.post("/<number:user>/purge", form="outlook")
def purge(user: int, body: PurgeIn, by: Viewer) -> Reply[MadeOut]:
    """Deactivate somebody, and put what they made in some days into the trash."""
    made = purging.purge(user, body, by)
    say = _("They are deactivated, and what they made is in the trash.")
    if made.later:
        say = _("They are deactivated. What they made goes into the trash within minutes.")
    return Done(made, at=url_for(".show", user=user), say=say)


@bp.delete("/<number:user>/factors", form="show")
def reset_factors(user: int, by: Viewer) -> Reply[None]:
    """Take away all second factors of somebody who has lost them. All their logins and tokens end."""
    people.reset_factors(user, by)
    return Done(None, at=url_for(".show", user=user), say=_("They log in with the password alone again."))


@bp.delete("/<number:user>/identities/<number:identity>", form="show")
def unlink(user: int, identity: int, by: Viewer) -> Reply[None]:
    """Let a login elsewhere let somebody in no longer, also if it is the last: it may be nobody's there any more."""
    people.unlink(user, identity, by)
    return Done(None, at=url_for(".show", user=user), say=_("It is not linked any more."))


@bp.delete("/<number:user>/sign-ins", form="show")
def end_sign_ins(user: int, by: Viewer) -> Reply[None]:
    """End all logins and tokens of somebody, of every kind."""
    people.end_sign_ins(user, by)
    return Done(None, at=url_for(".show", user=user), say=_("All their logins and tokens are ended."))


@bp.get("/<number:user>/invitation")
def invitation(user: int, by: Viewer) -> Reply[ClaimOut]:
    """Where the invitation went by which somebody who was imported may come in themselves. For administrators."""
    return Done(inviting.sent(user, by), at=url_for(".show", user=user))


@bp.post("/<number:user>/invitation", form="show", creates=True, secret=True)
def invite(user: int, body: ClaimIn, by: Viewer) -> Reply[ClaimOut]:
    """Invite somebody who was imported: who follows the link is that person from then on. Again, for another link.

    The link goes by mail; where no mail reaches people it is told this once: send it to them.
    """
    sent = inviting.invite(user, body, by)
    if sent.link is None:
        say = _("A mail is on its way to %(address)s.", address=sent.email)
        return Made(sent, at=url_for(".invitation", user=user), back=url_for(".show", user=user), say=say)
    linked = replace(sent, link=sites.here().origin + sent.link)
    return _shown(user, by, made=linked) if wants_page() else Made(linked, at=url_for(".invitation", user=user))


@bp.delete("/<number:user>/invitation", form="show")
def withdraw(user: int, by: Viewer) -> Reply[None]:
    """Take that invitation back."""
    inviting.withdraw(user, by)
    return Done(None, at=url_for(".show", user=user), say=_("The invitation is taken back."))


@bp.get("/<number:user>/merge", form="confirm_merge")
def confirm_merge(user: int, query: MergeQuery, by: Viewer) -> Reply[MergingOut]:
    """What somebody has that would be another's, if their account became a part of that one. For administrators."""
    found = merging.preview(user, query.into, by)
    return Page("people/merge.html", found, merging=found, form=Form.of({"into": query.into or ""}))


@bp.post("/<number:user>/merge", form="confirm_merge")
def merge(user: int, body: AccountMergeIn, by: Viewer) -> Reply[AccountOut]:
    """Let everything of an account be another's, and end it. It cannot be taken back. Answers the other one."""
    kept = merging.merge(user, body.into, by)
    return Done(kept, at=url_for(".show", user=kept.id), say=_("Merged into %(name)s.", name=kept.name))


def _shown(user: int, by: Viewer, **dressing: Any) -> Page:
    account = people.detail(user, by)
    return Page(
        "people/show.html",
        account,
        account=account,
        form=lambda: Form.of(account),
        ways=lambda: people.ways(account),
        labels=sso.labels,
        owned=lambda: [] if account.is_active else profiles.owned_alone(user),
        records=lambda: whole(audit.lately(user, by)),
        is_oneself=user == by.id,
        invitation=lambda: inviting.pending(account),
        **{"made": None, **dressing},
    )
