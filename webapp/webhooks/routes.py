from webapp.access import Viewer
from webapp.http import Feature, Page, Reply
from webapp.projects.service import ProjectRow
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

bp = Feature("webhooks", "/projects/<project:project>/webhooks")
# The same for those that are told of all projects: then no project is brought.
of_all = Feature("all_webhooks", "/admin/webhooks")


@of_all.get("")
@bp.get("")
def index(project: ProjectRow | None, by: Viewer) -> Reply[Slice[WebhookOut]]:
    """The webhooks of a project, for its owners; or those that are told of all projects, for administrators."""
    return pages.listing(project, by)


@of_all.page("/new")
@bp.page("/new")
def new(project: ProjectRow | None, by: Viewer) -> Page:
    """The form for a new webhook."""
    return pages.new(project, by)


@of_all.post("", form="new", creates=True, secret=True)
@bp.post("", form="new", creates=True, secret=True)
def create(project: ProjectRow | None, body: WebhookIn, by: Viewer) -> Reply[WebhookMade]:
    """Make a webhook. Its secret is told only now."""
    return pages.create(project, body, by)


@of_all.get("/<number:webhook>")
@bp.get("/<number:webhook>")
def show(project: ProjectRow | None, webhook: int, by: Viewer) -> Reply[WebhookOut]:
    """One webhook."""
    return pages.show(project, webhook, by)


@of_all.page("/<number:webhook>/edit")
@bp.page("/<number:webhook>/edit")
def edit(project: ProjectRow | None, webhook: int, by: Viewer) -> Page:
    """The form that changes a webhook."""
    return pages.edit(project, webhook, by)


@of_all.patch("/<number:webhook>", form="edit")
@bp.patch("/<number:webhook>", form="edit")
def update(project: ProjectRow | None, webhook: int, body: WebhookEdit, by: Viewer) -> Reply[WebhookOut]:
    """Change a webhook, or switch it on or off."""
    return pages.update(project, webhook, body, by)


@of_all.page("/<number:webhook>/delete")
@bp.page("/<number:webhook>/delete")
def confirm_remove(project: ProjectRow | None, webhook: int, by: Viewer) -> Page:
    """Asks before a webhook is deleted."""
    return pages.confirm_remove(project, webhook, by)


@of_all.delete("/<number:webhook>", form="show")
@bp.delete("/<number:webhook>", form="show")
def remove(project: ProjectRow | None, webhook: int, by: Viewer) -> Reply[None]:
    """Delete a webhook with its log; what waits is not sent."""
    return pages.remove(project, webhook, by)


@of_all.post("/<number:webhook>/secret", form="show", secret=True)
@bp.post("/<number:webhook>/secret", form="show", secret=True)
def rotate(project: ProjectRow | None, webhook: int, by: Viewer) -> Reply[WebhookMade]:
    """Give it another secret, told only now. For a day what is sent is signed with the former one as well."""
    return pages.rotate(project, webhook, by)


@of_all.post("/<number:webhook>/test", creates=True)
@bp.post("/<number:webhook>/test", creates=True)
def test(project: ProjectRow | None, webhook: int, by: Viewer) -> Reply[WebhookDeliveryOut]:
    """Send a test there."""
    return pages.test(project, webhook, by)


@of_all.get("/<number:webhook>/deliveries")
@bp.get("/<number:webhook>/deliveries")
def deliveries(
    project: ProjectRow | None, webhook: int, query: DeliveryQuery, by: Viewer
) -> Reply[Slice[WebhookDeliveryOut]]:
    """What a webhook was told in the last 30 days, the newest first."""
    return pages.log(project, webhook, query, by)


@of_all.get("/<number:webhook>/deliveries/<number:delivery>")
@bp.get("/<number:webhook>/deliveries/<number:delivery>")
def delivery(project: ProjectRow | None, webhook: int, delivery: int, by: Viewer) -> Reply[WebhookDeliveryDetail]:
    """One of these: what was sent, and what was answered."""
    return pages.delivery(project, webhook, delivery, by)


@of_all.post("/<number:webhook>/deliveries/<number:delivery>", creates=True)
@bp.post("/<number:webhook>/deliveries/<number:delivery>", creates=True)
def redeliver(project: ProjectRow | None, webhook: int, delivery: int, by: Viewer) -> Reply[WebhookDeliveryOut]:
    """Send the same again, under the same id."""
    return pages.redeliver(project, webhook, delivery, by)
