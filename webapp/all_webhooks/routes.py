from webapp.access import Viewer
from webapp.http import Feature, Page, Reply
from webapp.types import Slice
from webapp.webhooks import pages
from webapp.webhooks.schemas import (
    DeliveryQuery,
    WebhookDeliveryDetail,
    WebhookDeliveryOut,
    WebhookEdit,
    WebhookIn,
    WebhookMade,
    WebhookOut,
)

bp = Feature("all_webhooks", "/admin/webhooks")


@bp.get("")
def index(by: Viewer) -> Reply[Slice[WebhookOut]]:
    """The webhooks that are told of all projects, for administrators."""
    return pages.listing(None, by)


@bp.page("/new")
def new(by: Viewer) -> Page:
    """The form for a new webhook."""
    return pages.new(None, by)


@bp.post("", form="new", creates=True, secret=True)
def create(body: WebhookIn, by: Viewer) -> Reply[WebhookMade]:
    """Make a webhook. Its secret is told only now."""
    return pages.create(None, body, by)


@bp.get("/<number:webhook>")
def show(webhook: int, by: Viewer) -> Reply[WebhookOut]:
    """One webhook."""
    return pages.show(None, webhook, by)


@bp.page("/<number:webhook>/edit")
def edit(webhook: int, by: Viewer) -> Page:
    """The form that changes a webhook."""
    return pages.edit(None, webhook, by)


@bp.patch("/<number:webhook>", form="edit")
def update(webhook: int, body: WebhookEdit, by: Viewer) -> Reply[WebhookOut]:
    """Change a webhook, or switch it on or off."""
    return pages.update(None, webhook, body, by)


@bp.page("/<number:webhook>/delete")
def confirm_remove(webhook: int, by: Viewer) -> Page:
    """Asks before a webhook is deleted."""
    return pages.confirm_remove(None, webhook, by)


@bp.delete("/<number:webhook>")
def remove(webhook: int, by: Viewer) -> Reply[None]:
    """Delete a webhook with its log; what waits is not sent."""
    return pages.remove(None, webhook, by)


@bp.post("/<number:webhook>/secret", form="show", secret=True)
def rotate(webhook: int, by: Viewer) -> Reply[WebhookMade]:
    """Give it another secret, told only now. For a day what is sent is signed with the former one as well."""
    return pages.rotate(None, webhook, by)


@bp.post("/<number:webhook>/test", creates=True)
def test(webhook: int, by: Viewer) -> Reply[WebhookDeliveryOut]:
    """Send a test there."""
    return pages.test(None, webhook, by)


@bp.get("/<number:webhook>/deliveries")
def deliveries(webhook: int, query: DeliveryQuery, by: Viewer) -> Reply[Slice[WebhookDeliveryOut]]:
    """What a webhook was told in the last 30 days, the newest first."""
    return pages.log(None, webhook, query, by)


@bp.get("/<number:webhook>/deliveries/<number:delivery>")
def delivery(webhook: int, delivery: int, by: Viewer) -> Reply[WebhookDeliveryDetail]:
    """One of these: what was sent, and what was answered."""
    return pages.delivery(None, webhook, delivery, by)


@bp.post("/<number:webhook>/deliveries/<number:delivery>", creates=True)
def redeliver(webhook: int, delivery: int, by: Viewer) -> Reply[WebhookDeliveryOut]:
    """Send the same again, under the same id."""
    return pages.redeliver(None, webhook, delivery, by)
