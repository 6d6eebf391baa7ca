from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.events.kinds import News
from webapp.http import Done, Feature, Form, Page, Reply
from webapp.i18n import N_, _
from webapp.mail import service as mail
from webapp.projects.service import ProjectRow
from webapp.rules import service as rules
from webapp.rules.rows import DEFAULTS, Choices, Settings
from webapp.rules.schemas import ExceptionIn, ExceptionOut, NotificationsIn, NotificationsOut

bp = Feature("rules")

# What each kind of news is to who chooses.
NEWS = {
    News.ASSIGNED: N_("An issue becomes yours, or no longer is"),
    News.MENTIONED: N_("A text names you"),
    News.COMMENTED: N_("A comment where you take part"),
    News.STATE: N_("What becomes of an issue where you take part"),
    News.NEW_ISSUE: N_("A new issue in a project that you watch"),
    News.QUERY: N_("An issue begins to match a view that you watch"),
    News.CHANGED: N_("Anything else that you watch"),
}
WAYS = (("mail", N_("Mail")), ("digest", N_("Digest")), ("inbox", N_("Inbox")), ("nothing", N_("Nothing")))
USUALLY = {
    "mail": N_("Usual: mail"),
    "digest": N_("Usual: digest"),
    "inbox": N_("Usual: inbox"),
    "nothing": N_("Usual: nothing"),
}


@bp.get("/account/notifications", form="index")
def index(by: Viewer) -> Reply[NotificationsOut]:
    """By which ways the caller hears of what."""
    told = _told(rules.settings(by), by)
    return Page(
        "rules/index.html",
        told,
        form=lambda: Form.of(told),
        told=told,
        news=NEWS,
        ways=WAYS,
        zone=by.time_zone,
        test=lambda: mail.last_test(by.id),
    )


@bp.patch("/account/notifications", form="index")
def update(body: NotificationsIn, by: Viewer) -> Reply[NotificationsOut]:
    """Choose by which ways one hears of what, when mails wait, and when the digest comes."""
    return Done(_told(rules.edit(body.sent, by), by), at=url_for(".index"), say=_("Saved."))


@bp.post("/account/notifications/test", form="index")
def send_test(by: Viewer) -> Reply[None]:
    """Send oneself a mail that says that mail arrives."""
    rules.send_test(by)
    return Done(None, at=url_for(".index"), say=_("A test is on its way to %(address)s.", address=by.email))


@bp.get("/projects/<project:project>/notifications", form="of_project")
def of_project(project: ProjectRow, by: Viewer) -> Reply[ExceptionOut]:
    """By which ways the caller hears of a project, where that is not as everywhere."""
    told = _exception(project.key, rules.exception(project, by))
    return Page(
        "rules/project.html",
        told,
        project=project,
        form=lambda: Form.of(told),
        news=NEWS,
        ways=WAYS,
        usual=lambda: rules.settings(by).ways,
        usually=USUALLY,
    )


@bp.patch("/projects/<project:project>/notifications", form="of_project")
def choose(project: ProjectRow, body: ExceptionIn, by: Viewer) -> Reply[ExceptionOut]:
    """Choose for a project alone by which ways one hears of it."""
    ways = rules.make_exception(project, body.sent, by)
    return Done(_exception(project.key, ways), at=url_for(".index"), say=_("Saved."))


@bp.delete("/projects/<project:project>/notifications")
def forget(project: ProjectRow, by: Viewer) -> Reply[None]:
    """Hear of a project by the same ways as of all."""
    rules.end_exception(project, by)
    return Done(None, at=url_for(".index"), say=_("%(key)s is as everywhere again.", key=project.key))


def _told(chosen: Settings, by: Viewer) -> dict[str, Any]:
    """As answers and forms have it."""
    rest = ("own_acts", "quiet_from", "quiet_to", "digest", "digest_hour", "digest_day")
    return {
        **{news.value: chosen.ways[news] for news in DEFAULTS},
        **{name: getattr(chosen, name) for name in rest},
        "mail": mail.is_configured(),
        "projects": [_exception(one.project, one.ways) for one in rules.exceptions(by)],
    }


def _exception(key: str, ways: Choices) -> dict[str, Any]:
    return {"project": key, **{news.value: ways.get(news) for news in DEFAULTS}}
