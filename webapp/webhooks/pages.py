"""What the pages of hooks show and do, of a project or of all."""

from functools import partial
from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.events.kinds import KINDS
from webapp.http import Done, Form, Made, Page
from webapp.http.negotiation import wants_page
from webapp.i18n import N_, _, formats, pgettext
from webapp.paging import whole
from webapp.projects.service import ProjectRow
from webapp.webhooks import service as webhooks
from webapp.webhooks.naming import NAMES
from webapp.webhooks.rows import Hook
from webapp.webhooks.schemas import EVERYTHING, DeliveryQuery, WebhookEdit, WebhookIn, WebhookMade, WebhookOut

FORMS = (
    ("standard", N_("JSON, signed"), N_("For a program: all that is known of it.")),
    ("slack", "Slack", N_("Also Mattermost, Rocket.Chat and Zulip.")),
    ("discord", "Discord", ""),
    ("teams", "Microsoft Teams", N_("A workflow that is started by a webhook.")),
    ("matrix", "Matrix", N_("A generic webhook of matrix-hookshot.")),
)


def to(project: ProjectRow | None, endpoint: str, **values: Any) -> str:
    """The address of one of these pages."""
    if project is None:
        return url_for(f"all_webhooks.{endpoint}", **values)
    return url_for(f"webhooks.{endpoint}", project=project.key, **values)


def listing(project: ProjectRow | None, by: Viewer) -> Page:
    """All hooks."""
    listed = webhooks.of(project, by)
    return Page("webhooks/list.html", whole(listed), hooks=listed, **_here(project))


def new(project: ProjectRow | None, by: Viewer) -> Page:
    """The form for a new hook."""
    webhooks.require_manage(project, by)
    return Page("webhooks/new.html", form=Form.of({"events": [EVERYTHING]}), **_of_form(project))


def create(project: ProjectRow | None, draft: WebhookIn, by: Viewer) -> Page | Made:
    """Make a hook; a page shows its secret at once, because nothing keeps it for a later one."""
    hook, secret = webhooks.create(project, draft, by)
    return (
        _shown(project, hook, secret)
        if wants_page()
        else Made(_made(hook, secret), at=to(project, "show", webhook=hook.id))
    )


def show(project: ProjectRow | None, webhook: int, by: Viewer) -> Page:
    """One hook."""
    return _shown(project, webhooks.get(project, webhook, by), None)


def edit(project: ProjectRow | None, webhook: int, by: Viewer) -> Page:
    """The form that changes a hook."""
    hook = webhooks.get(project, webhook, by)
    form = Form.of({"url": hook.url, "form": hook.form, "events": list(hook.events)})
    return Page("webhooks/edit.html", hook=hook, form=form, **_of_form(project))


def update(project: ProjectRow | None, webhook: int, changes: WebhookEdit, by: Viewer) -> Done:
    """Change a hook."""
    hook = webhooks.edit(project, webhook, changes, by)
    return Done(hook, at=to(project, "show", webhook=hook.id), say=_("Saved."))


def confirm_remove(project: ProjectRow | None, webhook: int, by: Viewer) -> Page:
    """Asks before a hook is deleted."""
    return Page("webhooks/delete.html", hook=webhooks.get(project, webhook, by), **_here(project))


def remove(project: ProjectRow | None, webhook: int, by: Viewer) -> Done:
    """Delete a hook."""
    webhooks.remove(project, webhook, by)
    return Done(None, at=to(project, "index"), say=_("Webhook deleted."))


def rotate(project: ProjectRow | None, webhook: int, by: Viewer) -> Page | Done:
    """Give a hook another secret."""
    hook, secret = webhooks.rotate(project, webhook, by)
    return _shown(project, hook, secret) if wants_page() else Done(_made(hook, secret), at="")


def test(project: ProjectRow | None, webhook: int, by: Viewer) -> Made:
    """Have something sent to a hook that says nothing."""
    made = webhooks.test(project, webhook, by)
    return Made(made, at=to(project, "delivery", webhook=webhook, delivery=made.id), say=_("A test is being sent."))


def log(project: ProjectRow | None, webhook: int, query: DeliveryQuery, by: Viewer) -> Page:
    """What a hook was told."""
    page = webhooks.log(project, webhook, query, by)
    at = partial(to, project, "deliveries", webhook=webhook, limit=query.limit)
    page.next = page.after and at(cursor=page.after)
    page.previous = page.before and at(cursor=page.before)
    hook = webhooks.get(project, webhook, by)
    return Page("webhooks/deliveries.html", page, page=page, hook=hook, **_here(project))


def delivery(project: ProjectRow | None, webhook: int, delivery: int, by: Viewer) -> Page:
    """One of these: what was sent, and what was answered."""
    found = webhooks.delivery(project, webhook, delivery, by)
    hook = webhooks.get(project, webhook, by)
    return Page("webhooks/delivery.html", found, delivery=found, hook=hook, **_here(project))


def redeliver(project: ProjectRow | None, webhook: int, delivery: int, by: Viewer) -> Made:
    """Have the same sent again."""
    made = webhooks.redeliver(project, webhook, delivery, by)
    return Made(made, at=to(project, "delivery", webhook=webhook, delivery=made.id), say=_("It is being sent again."))


def _shown(project: ProjectRow | None, hook: Hook, secret: str | None) -> Page:
    return Page("webhooks/show.html", hook, hook=hook, secret=secret, kinds=_said(hook), **_here(project))


def _made(hook: Hook, secret: str) -> WebhookMade:
    return WebhookMade(**WebhookOut.model_validate(hook).model_dump(), secret=secret)


def _said(hook: Hook) -> str:
    """What a hook is told of, in words."""
    if EVERYTHING in hook.events:
        return _("Everything")
    first, *rest = hook.events
    return formats.listed([pgettext(*NAMES[first][0]), *(pgettext(*NAMES[kind][1]) for kind in rest)])


def _of_form(project: ProjectRow | None) -> dict[str, Any]:
    """What the form offers: kinds of events, in groups."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for kind, one in KINDS.items():
        if one.stored:
            group = _GROUPS.get(one.__module__.rpartition(".")[2], N_("The whole issue"))
            groups.setdefault(_(group), []).append((kind, pgettext(*NAMES[kind][0])))
    forms = [(form, _(name), hint and _(hint)) for form, name, hint in FORMS]
    return {"groups": groups, "forms": forms, **_here(project)}


_GROUPS = {
    "fields": N_("Its fields"),
    "texts": N_("Texts, comments and links"),
    "code": N_("Commits and merge requests"),
}


def _here(project: ProjectRow | None) -> dict[str, Any]:
    here: dict[str, Any] = {"to": partial(to, project), "speaks": {form: name for form, name, _hint in FORMS}}
    return here if project is None else {"project": project, **here}
