from flask import url_for

from webapp.access import Viewer
from webapp.administration import health as healthy
from webapp.administration import service as administration
from webapp.administration import settings as changing
from webapp.administration import trying
from webapp.administration.schemas import (
    AdministrationOut,
    HealthOut,
    MailTestIn,
    MailTestOut,
    SettingOut,
    SettingsEdit,
)
from webapp.http import Done, Feature, Form, Page, Reply
from webapp.i18n import _
from webapp.paging import whole
from webapp.types import Slice

bp = Feature("administration", "/admin")


@bp.get("")
def index(by: Viewer) -> Reply[AdministrationOut]:
    """What there is to look after, and how much of it needs somebody. For administrators."""
    found = administration.needs(by)
    return Page("administration/index.html", found, found=found)


@bp.get("/health", form="health")
def health(by: Viewer) -> Reply[HealthOut]:
    """What this Cairn runs on, what is wrong with it, and how it is set up. For administrators."""
    found = healthy.health(by)
    return Page("administration/health.html", found, found=found, form=lambda: Form.of({"address": by.email}))


@bp.get("/settings", form="settings")
def settings(by: Viewer) -> Reply[Slice[SettingOut]]:
    """What can be changed of the settings while Cairn runs, and where each was said. For administrators."""
    told = changing.changeable(by)
    form = Form.of({one.name.lower(): one.value for one in told if one.origin == "database"})
    return Page("administration/settings.html", whole(told), told=told, choices=changing.choices(), form=form)


@bp.patch("/settings", form="settings", endpoint="change_settings")
def change_settings(body: SettingsEdit, by: Viewer) -> Reply[Slice[SettingOut]]:
    """Change some settings. Each process has them with its next request. For administrators."""
    changing.change(body.model_dump(exclude_unset=True), by)
    return Done(whole(changing.changeable(by)), at=url_for(".settings"), say=_("Saved."))


@bp.post("/health/mail", form="health")
def test_mail(body: MailTestIn, by: Viewer) -> Reply[MailTestOut]:
    """Send a mail to an address at once, and tell what the server answers. For administrators."""
    answer = trying.send(body.address, by)
    return Done({"answer": answer}, at=url_for(".health"), say=_("The mail is sent: %(answer)s", answer=answer))
