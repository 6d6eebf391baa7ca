"""Every route, asked by everybody, of a project of every visibility, as a page and as JSON.

Each route has one line in ROUTES that says who may use it. What follows from that is worked out here from the
rules as they are told to users; nothing is read from webapp/access.py, which is what is being tested. A route
without a line fails the test, which then says the line to add.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.attachments.pictures import picture
from tests.clients import HTML, Api, Browser
from tests.inbox.telling import tell_of
from tests.make import PASSWORD, Make
from tests.sso.conftest import Offer, acme, offer
from webapp.access import Viewer
from webapp.auth import passwords
from webapp.db import db, transacting
from webapp.i18n import languages
from webapp.links import holding
from webapp.links import repository as links
from webapp.mail import lying, unsubscribing
from webapp.mail.composing import Stop
from webapp.mail.letters import send_test
from webapp.mail.office import office
from webapp.mail.rows import Reader
from webapp.models.account_tokens import Purpose
from webapp.pictures import store
from webapp.projects import service as projects
from webapp.text import elsewhere

__all__ = ["acme", "offer"]

# From the outermost to the innermost. A right that one has, all that follow have too.
LADDER = ("nobody", "viewer", "reporter", "member", "maintainer", "owner")
WHO = ("anonymous", "stranger", "viewer", "reporter", "member", "maintainer", "owner", "admin", "author")
# Where people without a role stand. An author is a reporter, who wrote the issue and the comment there is.
STANDING = {
    "private": {"anonymous": "nobody", "stranger": "nobody"},
    "internal": {"anonymous": "nobody", "stranger": "reporter"},
    "public": {"anonymous": "viewer", "stranger": "reporter"},
}
ALWAYS = {"admin": "owner", "author": "reporter"}
ALLOWED = "allowed"
CHANGE = "0b4c3f52-1d8e-4a77-9c0d-6f2f3a1e5b90"


@dataclass(frozen=True)
class To:
    """Who may use a route: a step of LADDER; or anyone, somebody (signed in) or admin where no project is concerned.

    Or signer: whoever signs what they send, which nobody does here; who they are is of no use to anybody.

    `sends` is a body that passes the schema, so that the answer is about the right and not about the input.
    `author`: also whoever wrote the issue or comment. `archived`: also while the project is archived.
    `signed_in`: not for people without an account, even where they may read. `at`: which other thing of
    there_is() a part of the address stands for.
    """

    lowest: str
    sends: dict[str, Any] = field(default_factory=dict)
    author: bool = False
    archived: bool = False
    signed_in: bool = False
    at: dict[str, str] = field(default_factory=dict)


OF_ALL = {"webhook": "webhook of all", "delivery": "delivery of all"}
ROUTES = {
    "accounts.avatar": To("somebody"),  # anyone, for people of public projects
    "accounts.picture": To("somebody"),  # the same
    "accounts.show": To("somebody"),  # the same
    "all_issues.choose": To("anyone"),
    "all_issues.index": To("anyone"),
    "all_issues.new": To("somebody"),
    "all_issues.query": To("anyone"),
    "administration.change_settings": To("admin", {"registration": "closed"}),
    "administration.health": To("admin"),
    "administration.index": To("admin"),
    "administration.settings": To("admin"),
    "administration.test_mail": To("admin", {"address": "ada@example.com"}),
    "all_views.confirm_remove": To("admin", at={"view": "view over all"}),  # whose it is
    "all_views.create": To("somebody", {"name": "new"}),
    "all_views.edit": To("admin", at={"view": "view over all"}),
    "all_views.index": To("somebody"),
    "all_views.new": To("somebody"),
    "all_views.remove": To("admin", at={"view": "view over all"}),
    "all_views.show": To("admin", at={"view": "view over all"}),
    "all_views.update": To("admin", {"name": "new"}, at={"view": "view over all"}),
    "all_webhooks.confirm_remove": To("admin", at=OF_ALL),
    "all_webhooks.create": To("admin", {"url": "https://93.184.215.14/"}),
    "all_webhooks.deliveries": To("admin", at=OF_ALL),
    "all_webhooks.delivery": To("admin", at=OF_ALL),
    "all_webhooks.edit": To("admin", at=OF_ALL),
    "all_webhooks.index": To("admin"),
    "all_webhooks.new": To("admin"),
    "all_webhooks.redeliver": To("admin", at=OF_ALL),
    "all_webhooks.remove": To("admin", at=OF_ALL),
    "all_webhooks.rotate": To("admin", at=OF_ALL),
    "all_webhooks.show": To("admin", at=OF_ALL),
    "all_webhooks.test": To("admin", at=OF_ALL),
    "all_webhooks.update": To("admin", {"is_on": False}, at=OF_ALL),
    "attachments.create": To("reporter"),
    "attachments.download": To("admin"),  # whoever sees the issue: tests/attachments
    "attachments.remove": To("admin", at={"attachment": "other file"}),  # if it is theirs, or they maintain
    "attachments.show": To("admin"),
    "attachments.thumbnail": To("admin"),
    "audit.export": To("admin"),
    "audit.export_of_project": To("owner"),
    "audit.index": To("admin"),
    "audit.of_project": To("owner"),
    "audit.own": To("somebody"),
    "auth.change_password": To("somebody"),
    "auth.confirm": To("somebody", {"password": "wrong"}),
    "auth.confirm_form": To("somebody"),
    "auth.end_other_sign_ins": To("somebody"),
    "auth.end_sign_in": To("somebody"),  # their own; see Asker
    "auth.login": To("anyone"),
    "auth.login_by_passkey": To("anyone"),
    "auth.login_form": To("anyone"),
    "auth.logout": To("somebody"),
    "auth.me": To("somebody"),
    "auth.password_form": To("somebody"),
    "auth.put_avatar": To("somebody"),
    "auth.refresh": To("anyone", {"refresh_token": "x" * 201}),
    "auth.register": To("anyone"),
    "auth.register_form": To("anyone"),
    "auth.remove_avatar": To("somebody"),
    "auth.sign_ins": To("somebody"),
    "auth.update_me": To("somebody", {"name": "Other"}),
    "blocks.block": To("owner", {"handle": "nobody-at-all"}),
    "blocks.index": To("owner"),
    "blocks.unblock": To("owner"),
    "board.move": To("member", {"number": 1}),
    "board.query": To("viewer"),
    "board.show": To("viewer"),
    "charts.show": To("viewer"),
    "charts.burn_up": To("viewer"),
    "board.show_again": To("viewer"),
    "bulk.change": To("reporter", {"priority": "high"}),
    "bulk.form": To("reporter"),
    "bulk.undo": To("reporter", {"change": "00000000-0000-4000-8000-000000000000"}),
    "claiming.accept": To("somebody", at={"token": "claim link"}),
    "claiming.register": To("anyone", {"name": "New", "password": PASSWORD}, at={"token": "claim link"}),
    "claiming.show": To("anyone", at={"token": "claim link"}),
    "code_hosts.confirm_remove": To("owner"),
    "code_hosts.create": To("owner", {"kind": "github"}),
    "code_hosts.deliveries": To("owner"),
    "code_hosts.index": To("owner"),
    "code_hosts.new": To("owner"),
    "code_hosts.of_issue": To("viewer"),
    "code_hosts.receive": To("signer"),
    "code_hosts.remove": To("owner"),
    "code_hosts.rotate": To("owner"),
    "code_hosts.show": To("owner"),
    "code_hosts.update": To("owner", {"url": None}),
    "comments.confirm_remove": To("maintainer", author=True),
    "comments.create": To("reporter", {"body": "Seen."}),
    "comments.edit": To("maintainer", author=True),
    "comments.index": To("viewer"),
    "comments.new": To("viewer"),  # the page, on which the form stands for those who may comment
    "comments.preview": To("viewer", {"body": "Seen."}, archived=True),  # the same
    "comments.preview_edit": To("maintainer", {"body": "Seen."}, author=True),
    "comments.remove": To("maintainer", author=True),
    "comments.show": To("viewer"),
    "comments.update": To("maintainer", {"body": "Seen."}, author=True),
    "docs.openapi": To("anyone"),
    "docs.redoc": To("anyone"),
    "docs.swagger": To("anyone"),
    "drafts.discard": To("somebody"),
    "favicon": To("anyone"),
    "factors.add_authenticator": To("somebody"),
    "factors.add_passkey": To("somebody"),
    "factors.authenticator": To("somebody"),
    "factors.index": To("somebody"),
    "factors.login": To("anyone", {"code": "x" * 101}),
    "factors.login_form": To("anyone"),
    "factors.new_passkey": To("somebody"),
    "factors.options": To("anyone", {"purpose": "login"}),
    "factors.passkey": To("admin"),  # whose it is
    "factors.remove_authenticator": To("admin"),  # whose it is
    "factors.remove_passkey": To("admin"),  # whose it is
    "factors.rename_passkey": To("admin", {"name": "Other"}),  # whose it is
    "factors.renew_codes": To("somebody"),
    "feeds.atom_of_all": To("anyone"),
    "feeds.atom_of_issue": To("viewer"),
    "feeds.atom_of_project": To("viewer"),
    "feeds.create": To("somebody", {"name": "My calendar"}),
    "feeds.csv_of_all": To("anyone"),
    "feeds.csv_of_project": To("viewer"),
    "feeds.edit": To("admin"),  # whose it is
    "feeds.ics_of_all": To("anyone"),
    "feeds.ics_of_project": To("viewer"),
    "feeds.jsonl_of_all": To("anyone"),
    "feeds.jsonl_of_project": To("viewer"),
    "feeds.revoke": To("admin"),  # whose it is
    "feeds.tokens": To("somebody"),
    "feeds.update": To("admin", {"projects": None}),  # whose it is
    "history.confirm_of_comment": To("maintainer", author=True),
    "history.confirm_of_issue": To("maintainer", author=True),
    "history.forget_of_comment": To("maintainer", author=True),
    "history.forget_of_issue": To("maintainer", author=True),
    "history.of_comment": To("viewer"),
    "history.of_issue": To("viewer"),
    "keys.index": To("anyone"),
    "keys.choose": To("anyone", {"keys": "off"}),
    "keys.palette": To("anyone"),
    "home.appearance": To("anyone"),
    "home.change_appearance": To("anyone", {"theme": "dark"}),
    "home.index": To("anyone"),
    "home.login": To("anyone"),
    "home.manifest": To("anyone"),
    "home.register": To("anyone"),
    "inbox.index": To("somebody"),
    "inbox.show": To("admin"),  # whose it is
    "inbox.put_to_sleep": To("admin", {"snoozed_until": "2030-03-31"}),
    "inbox.snooze": To("admin"),
    "inbox.undo": To("admin", {"change": CHANGE}),
    "inbox.update": To("admin", {"done": True}),
    "inbox.update_many": To("somebody", {"done": True, "every": True}),
    "issue_templates.confirm_remove": To("maintainer"),
    "issue_templates.create": To("maintainer", {"name": "new"}),
    "issue_templates.edit": To("maintainer"),
    "issue_templates.index": To("viewer"),
    "issue_templates.new": To("maintainer"),
    "issue_templates.remove": To("maintainer"),
    "issue_templates.show": To("viewer"),
    "issue_templates.update": To("maintainer", {"name": "new"}),
    "issues.choose": To("viewer"),
    "issues.close": To("member", author=True),
    "issues.closure": To("member", author=True),
    "issues.confirm_remove": To("maintainer"),
    "issues.create": To("reporter", {"title": "A stone"}),
    "issues.edit": To("member", author=True),
    "issues.index": To("viewer"),
    "issues.new": To("reporter"),
    "issues.part": To("member", author=True),
    "issues.preview": To("reporter", {"title": "A stone"}),
    "issues.preview_edit": To("member", {"title": "A stone"}, author=True),
    "issues.query": To("viewer"),
    "issues.remove": To("maintainer"),
    "issues.reopen": To("member", author=True),
    "issues.show": To("viewer"),
    "issues.update": To("member", {"title": "A stone"}, author=True),
    "mail_in.accept": To("maintainer"),
    "mail_in.choose": To("maintainer", {"is_open": True}, archived=True),
    "mail_in.index": To("maintainer", signed_in=True),
    "mail_in.refuse": To("maintainer", archived=True),
    "jobs.index": To("admin"),
    "jobs.remove": To("admin"),
    "jobs.retry": To("admin"),
    "jobs.retry_all": To("admin"),
    "packed_css": To("anyone"),
    "packed_js": To("anyone"),
    **{f"packed_js_{code}": To("anyone") for code in languages.COMPLETE},
    "packed_svg": To("anyone"),
    "labels.confirm_merge": To("member"),
    "labels.confirm_remove": To("member"),
    "labels.create": To("member", {"name": "new"}),
    "labels.edit": To("member"),
    "labels.index": To("viewer"),
    "labels.merge": To("member", {"into": 1}),
    "labels.remove": To("member"),
    "labels.show": To("viewer"),
    "labels.update": To("member", {"name": "new"}),
    "links.address": To("somebody"),
    "links.ask_confirmation": To("somebody"),
    "links.ask_move": To("somebody", {"email": "other@example.net"}),
    "links.confirm": To("anyone", at={"token": "confirm link"}),
    "links.confirm_form": To("anyone", at={"token": "confirm link"}),
    "links.finish": To("anyone", {"password": PASSWORD}, at={"token": "register link"}),
    "links.finish_form": To("anyone", at={"token": "register link"}),
    "links.forgotten": To("anyone", {"email": "ada@example.com"}),
    "links.forgotten_form": To("anyone"),
    "links.move": To("admin", at={"token": "move link"}),  # whose it is
    "links.move_form": To("admin", at={"token": "move link"}),
    "links.reset": To("anyone", {"new_password": PASSWORD}, at={"token": "reset link"}),
    "links.reset_form": To("anyone", at={"token": "reset link"}),
    "links.undo": To("anyone", at={"token": "undo link"}),
    "links.undo_form": To("anyone", at={"token": "undo link"}),
    "mail.confirm_stop": To("anyone"),
    "mail.lying": To("anyone"),  # on the machine itself, in development: tests/mail
    "mail.lying_html": To("anyone"),
    "mail.lying_one": To("anyone"),
    "mail.lying_source": To("anyone"),
    "mail.stop": To("anyone"),
    "members.accept": To("somebody"),
    "members.accept_own": To("admin", at={"invitation": "own invitation"}),  # whose it is
    "members.add": To("maintainer", {"email": "another@example.com"}),
    "members.confirm_remove": To("maintainer"),
    "members.decline": To("admin", at={"invitation": "own invitation"}),
    "members.edit": To("maintainer"),
    "members.index": To("viewer"),
    "members.invitation": To("anyone"),
    "members.invitations": To("maintainer"),
    "members.register": To("anyone", {"name": "New", "password": PASSWORD}),
    "members.remove": To("maintainer"),
    "members.renew": To("maintainer"),
    "members.revoke": To("maintainer"),
    "members.show": To("viewer"),
    "members.transfer": To("owner", {"email": "another@example.com"}),
    "members.transfer_form": To("owner"),
    "members.update": To("maintainer", {"role": "viewer"}),
    "milestones.confirm_remove": To("member"),
    "milestones.create": To("member", {"title": "2.0"}),
    "milestones.edit": To("member"),
    "milestones.index": To("viewer"),
    "milestones.new": To("member"),
    "milestones.remove": To("member"),
    "milestones.show": To("viewer"),
    "milestones.update": To("member", {"title": "2.0"}),
    "metrics.show": To("signer"),
    "ops.healthz": To("anyone"),
    "ops.readyz": To("anyone"),
    "ops.report": To("anyone"),
    "ops.robots": To("anyone"),
    "projects.archive": To("owner", archived=True),
    "projects.confirm_remove": To("owner"),
    "projects.create": To("somebody", {"name": "Mine"}),
    "projects.edit": To("maintainer"),
    "projects.index": To("anyone"),
    "projects.new": To("somebody"),
    "projects.remove": To("owner", {"confirm": "MATRIX"}, archived=True),
    "projects.restore": To("owner", archived=True),
    "projects.show": To("viewer"),
    "projects.update": To("maintainer", {"description": "New."}, archived=True),
    "moderation.decide": To("maintainer", {"posts": ["1"], "verdict": "keep"}),
    "moderation.index": To("maintainer"),
    "moderation.new": To("viewer", signed_in=True),
    "moderation.new_of_comment": To("viewer", signed_in=True),
    "moderation.report": To("viewer", {"reason": "spam"}, archived=True, signed_in=True),
    "moderation.report_comment": To("viewer", {"reason": "spam"}, archived=True, signed_in=True),
    "moves.form": To("member"),
    "moves.many": To("member"),
    "moves.move": To("member", {"project": "NONE"}),
    "reactions.of_comment": To("viewer"),
    "reactions.of_issue": To("viewer"),
    "reactions.react": To("reporter"),
    "reactions.react_to_comment": To("reporter"),
    "reactions.show": To("viewer"),
    "reactions.show_of_comment": To("viewer"),
    "reactions.take_back": To("reporter"),
    "reactions.take_back_from_comment": To("reporter"),
    "relations.create": To("member", {"kind": "relates", "issue": "#1"}),
    "relations.index": To("viewer"),
    "pictures.show": To("anyone"),  # who has the address that a text shows
    "relations.remove": To("member"),
    "relations.show": To("viewer"),
    "styleguide.index": To("anyone"),  # in development: tests/styleguide
    "styleguide.press": To("anyone"),
    "sso.begin": To("anyone"),
    "sso.callback": To("anyone"),
    "sso.index": To("somebody"),
    "sso.link": To("somebody"),
    "sso.link_form": To("somebody"),
    "sso.unlink": To("admin"),  # whose it is
    "statuses.confirm_remove": To("maintainer"),
    "statuses.create": To("maintainer", {"name": "new", "category": "done"}),
    "statuses.edit": To("maintainer"),
    "statuses.index": To("viewer"),
    "statuses.remove": To("maintainer"),
    "statuses.show": To("viewer"),
    "statuses.update": To("maintainer", {"name": "new"}),
    "tasks.of_comment": To("viewer"),
    "tasks.of_issue": To("viewer"),
    "people.confirm_merge": To("admin"),
    "people.end_sign_ins": To("admin"),
    "people.index": To("admin"),
    "people.invitation": To("admin", at={"user": "imported"}),
    "people.invite": To("admin", {"email": "another@example.com"}, at={"user": "imported"}),
    "people.merge": To("admin", {"into": "kept@example.com"}),
    "people.outlook": To("admin"),
    "people.purge": To("admin", {"last_days": 7}),
    "people.reset_factors": To("admin"),
    "people.show": To("admin"),
    "people.unlink": To("admin", at={"identity": "identity of another"}),
    "people.update": To("admin", {"is_admin": True}),
    "people.withdraw": To("admin", at={"user": "imported"}),
    "personal_tokens.create": To("somebody", {"name": "Nightly report", "scope": "read"}),
    "personal_tokens.edit": To("admin"),  # whose it is
    "personal_tokens.index": To("somebody"),
    "personal_tokens.revoke": To("admin"),  # whose it is
    "personal_tokens.revoke_all": To("somebody"),
    "personal_tokens.update": To("admin", {"projects": None}),  # whose it is
    "picking.choices": To("viewer"),
    "deliveries.index": To("viewer", signed_in=True),
    "rules.choose": To("viewer", {"commented": "digest"}, archived=True, signed_in=True),
    "rules.forget": To("viewer", archived=True, signed_in=True),
    "rules.index": To("somebody"),
    "rules.of_project": To("viewer", signed_in=True),
    "rules.send_test": To("somebody"),
    "rules.update": To("somebody", {"commented": "digest"}),
    "search.index": To("anyone"),
    "search.similar": To("viewer"),
    "tasks.tick_comment": To("maintainer", {"done": [0]}, author=True),
    "tasks.tick_issue": To("member", {"done": [0]}, author=True),
    "timeline.index": To("viewer"),
    "trash.confirm_comment": To("maintainer", at={"comment": "deleted comment"}),
    "trash.confirm_issue": To("maintainer", at={"number": "deleted issue"}),
    "trash.index": To("maintainer"),
    "trash.remove_comment": To("maintainer", at={"comment": "deleted comment"}),
    "trash.remove_issue": To("maintainer", at={"number": "deleted issue"}),
    "trash.restore_comment": To("maintainer", author=True, at={"comment": "deleted comment"}),
    "trash.restore_issue": To("maintainer", at={"number": "deleted issue"}),
    "undo.undo": To("reporter", {"change": "00000000-0000-4000-8000-000000000000"}),
    "views.confirm_remove": To("maintainer"),
    "views.create": To("viewer", {"name": "new"}),
    "views.edit": To("maintainer"),
    "views.index": To("viewer"),
    "views.new": To("viewer", signed_in=True),
    "views.remove": To("maintainer"),
    "views.show": To("viewer"),
    "views.update": To("maintainer", {"name": "new"}),
    "visibility.of_issue": To("viewer"),
    "visibility.of_project": To("viewer"),
    "watching.leave_view": To("viewer", archived=True, signed_in=True),
    "watching.watch_view": To("viewer", archived=True, signed_in=True),
    "watching.of_view": To("viewer", signed_in=True),
    "watching.choose": To("viewer", {"level": "new"}, archived=True, signed_in=True),
    "watching.choose_of_issue": To("viewer", {"level": "all"}, archived=True, signed_in=True),
    "watching.forget": To("viewer", archived=True, signed_in=True),
    "watching.forget_of_issue": To("viewer", archived=True, signed_in=True),
    "watching.of_issue": To("viewer", signed_in=True),
    "watching.of_project": To("viewer", signed_in=True),
    "webhooks.confirm_remove": To("owner"),
    "webhooks.create": To("owner", {"url": "https://93.184.215.14/"}),
    "webhooks.deliveries": To("owner"),
    "webhooks.delivery": To("owner"),
    "webhooks.edit": To("owner"),
    "webhooks.index": To("owner"),
    "webhooks.new": To("owner"),
    "webhooks.redeliver": To("owner"),
    "webhooks.remove": To("owner"),
    "webhooks.rotate": To("owner"),
    "webhooks.show": To("owner"),
    "webhooks.test": To("owner"),
    "webhooks.update": To("owner", {"is_on": False}),
}


@pytest.fixture(autouse=True)
def a_provider(offer: Offer) -> None:
    """Somebody else says who people are, too."""


def there_is(make: Make, visibility: str) -> tuple[dict[str, Any], dict[str, Viewer]]:
    """A project with one of each thing that addresses name, and somebody of each kind."""
    ada = make.person("Ada")
    make.person("Kept", email="kept@example.com")
    project = make.project(ada, key="MATRIX", visibility=visibility)
    people = {role: make.member(project, role) for role in LADDER[1:]}
    people |= {"stranger": make.person("Eve"), "admin": make.person("Root", is_admin=True)}
    people["author"] = make.member(project, "reporter")
    owner, author = Api(make.app, ada, {}), Api(make.app, people["author"], {})
    url = f"/projects/{project.key}"
    attached, other = (
        author.post(f"{url}/attachments", data={"file": (BytesIO(picture()), "stone.png")}) for _ in range(2)
    )
    invited = owner.post(f"{url}/members", {"email": "new@example.com"})
    connected = owner.post(f"{url}/code-hosts", {"kind": "github"})
    owner.post("/auth/me/avatar", data={"file": (BytesIO(picture()), "ada.png")}, status=200)
    things = {
        "project": project.key,
        "user": ada.id,
        "number": author.post(
            f"{url}/issues", {"title": "A stone", "body": attached["markdown"] + other["markdown"]}
        )["number"],
        "comment": author.post(f"{url}/issues/1/comments", {"body": "Seen."})["id"],
        "member": make.member(project, "member").id,
        "blocked": owner.post(f"{url}/blocks", {"handle": make.person("Pest").handle or ""})["id"],
        "invitation": invited["id"],
        "token": invited["link"].rpartition("/")[2],
        "label": owner.post(f"{url}/labels", {"name": "bug"})["id"],
        "deleted comment": author.post(f"{url}/issues/1/comments", {"body": "Not so."})["id"],
        "deleted issue": owner.post(f"{url}/issues", {"title": "No stone"})["number"],
        "attachment": attached["id"],
        "other file": other["id"],  # what is undone does not bring a file back
        "name": attached["name"],
        "milestone": owner.post(f"{url}/milestones", {"title": "1.0"})["id"],
        "part": "labels",
        "status": owner.post(f"{url}/statuses", {"name": "Blocked", "category": "started"})["id"],
        "code_host": connected["id"],
        "hook_token": connected["hook_url"].rpartition("/")[2],
        "stop_token": stop_token(make.app, ada),
        "mail": lying_mail(make.app),
        "provider": "acme",
        "template": owner.post(f"{url}/templates", {"name": "Bug"})["id"],
        **picture_elsewhere(make.app),
    }
    root = people["admin"]
    with make.app.app_context(), transacting() as session:
        invitation = "INSERT INTO invitations (project_id, email, role, token_hash, invited_by, expires_at)"
        values = "VALUES (:project, :email, 'member', '', :by, now() + interval '1 day') RETURNING id"
        given = {"project": project.id, "email": root.email, "by": ada.id}
        things["own invitation"] = session.scalar(text(f"{invitation} {values}"), given)
    imported = make.person("Octocat", email=None, password_hash=None, origin="github:octocat")
    things["imported"] = imported.id
    about = {Purpose.CLAIM: imported}
    things |= {f"{one} link": link_of(make.app, one, about.get(one, root), by=root) for one in Purpose}
    for address in (f"{url}/issues/1", f"{url}/issues/1/comments/{things['comment']}"):
        author.patch(address, {"body": author.get(address)["body"] + " Loose."})
    things["version"] = 1
    things["reaction"] = "+1"
    things["view"] = owner.post(f"{url}/views", {"name": "Bugs", "shared": True})["id"]
    second = owner.post(f"{url}/issues", {"title": "Another stone"})["number"]
    tied = owner.post(f"{url}/issues/1/relations", {"kind": "relates", "issue": f"#{second}"})
    things["relation"] = tied["id"]
    admin = Api(make.app, people["admin"], {})
    things |= hooks(make.app, owner, admin, url)
    things["view over all"] = admin.post("/views", {"name": "Mine"})["id"]
    things["item"] = tell_of(make.app, people["admin"], project, change=CHANGE)
    things["feed_token"] = admin.post("/auth/feeds", {"name": "Calendar"})["id"]
    things["personal_token"] = admin.post("/auth/tokens", {"name": "Report", "scope": "read"})["id"]
    with make.app.app_context(), transacting() as session:
        own = "INSERT INTO authenticators (user_id, seed, last_step) VALUES (:who, '', 0)"
        session.execute(text(own), {"who": root.id})
        own = "INSERT INTO passkeys (user_id, name, credential_id, public_key, sign_count)"
        values = "VALUES (:who, 'Mine', 'x', '', 0) RETURNING id"
        things["passkey"] = session.scalar(text(f"{own} {values}"), {"who": root.id})
        own = "INSERT INTO outside_identities (provider, subject, user_id) VALUES ('acme', :name, :who) RETURNING id"
        things["identity"] = session.scalar(text(own), {"name": "root", "who": root.id})
        things["identity of another"] = session.scalar(text(own), {"name": "ada", "who": ada.id})
        session.execute(text("INSERT INTO jobs (task, state) VALUES ('note', 'dead')"))
        things["job"] = session.scalar(text("SELECT max(id) FROM jobs"))
        held = "From: eve@example.com\nSubject: Stones\n\nA stone is loose."
        things["letter"] = session.scalar(
            text(
                "INSERT INTO incoming_mails (digest, recipient, source, state, project_id)"
                " SELECT 'x', 'x', :held, 'held', id FROM projects WHERE key = 'MATRIX' RETURNING id"
            ),
            {"held": held.encode()},
        )
    author.delete(f"{url}/issues/1/comments/{things['deleted comment']}")
    owner.delete(f"{url}/issues/{things['deleted issue']}")
    return things, people


@unsubscribing.ends("nothing", lambda user_id: "nothing")
def end_nothing(user_id: int) -> None:
    """What the link in a mail may end, where it is only about who may follow it."""


def stop_token(app: Flask, who: Viewer) -> str:
    with app.app_context():
        reader = Reader(who.id, who.name, who.email, "UTC", is_active=True)
        return unsubscribing.path(reader, Stop("nothing", {})).rpartition("/")[2]


def hooks(app: Flask, owner: Api, admin: Api, url: str) -> dict[str, Any]:
    """A webhook of a project and one of all, each with something that was sent there."""
    things: dict[str, Any] = {}
    for api, at, whose in ((owner, f"{url}/webhooks", ""), (admin, "/admin/webhooks", " of all")):
        hook = api.post(at, {"url": "https://93.184.215.14/"})["id"]
        things[f"webhook{whose}"] = hook
        things[f"delivery{whose}"] = api.post(f"{at}/{hook}/test")["id"]
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE webhook_deliveries SET body = '{}'"))
    return things


def picture_elsewhere(app: Flask) -> dict[str, str]:
    """The parts of the address of a picture that was fetched."""
    with app.app_context():
        store.keep("https://pictures.example/stone.png", picture())
    signature, said = (elsewhere.shown_at("https://pictures.example/stone.png") or "").split("/")[2:]
    return {"signature": signature, "said": said}


@pytest.fixture(autouse=True)
def _pictures_are_fetched(monkeypatch):
    monkeypatch.setattr(elsewhere, "_mode", "proxy")


def link_of(app: Flask, purpose: Purpose, who: Viewer, by: Viewer) -> str:
    """The token of a link in a mail to somebody, and who had it sent if somebody did."""
    data = {"name": "New", "password_hash": passwords.hashed(PASSWORD), "by": by.id, "mailed": True}
    email = who.email if purpose in ("confirm", "reset") else f"{purpose}@example.com"
    token = holding.made()
    with app.app_context(), transacting():
        links.add(purpose, email, token, of=None if purpose == "register" else (who.id, None), data=data)
    return token


def lying_mail(app: Flask) -> int:
    """The number of a mail that was written where none is sent."""
    with app.app_context():
        send_test("ada@example.com")
        folder = office().folder  # that of the application that was made last
        assert folder is not None
        return lying.newest(folder)[0].number


def test_every_route_has_a_line(app):
    """A new route that fails here: add the line that is shown, with who may use it and what it takes."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    missing = [
        f'    "{name}": To("{"viewer" if "project" in rules[name].arguments else "anyone"}"),  # {rules[name].rule}'
        for name in sorted(set(rules) - set(ROUTES))
    ]
    assert not missing, "Add to ROUTES in tests/test_permissions.py:\n" + "\n".join(missing)
    gone = set(ROUTES) - set(rules)
    assert not gone, f"Take from ROUTES in tests/test_permissions.py: {sorted(gone)}"


@pytest.mark.parametrize("tongue", ["page", "json"])
@pytest.mark.parametrize("visibility", ["private", "internal", "public"])
def test_everybody_gets_what_is_theirs(app, make, visibility, tongue):
    things, people = there_is(make, visibility)
    wrong = []
    for who in WHO:
        asker = Asker(app, people.get(who), things)
        for way in ways(app, tongue):
            if "project" not in way.rule.arguments:
                continue
            expected, answer = expected_of(way, who, visibility), asker.ask(way)
            if answer != expected:
                wrong.append(f"{way} as {who}: expected {expected}, was {answer}")
    assert not wrong, f"In a {visibility} project, as {tongue}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("tongue", ["page", "json"])
def test_outside_of_projects_everybody_gets_what_is_theirs(app, make, tongue):
    things, people = there_is(make, "private")
    wrong = []
    for who in ("anonymous", "stranger", "admin"):
        asker = Asker(app, people.get(who), things)
        for way in ways(app, tongue):
            if "project" in way.rule.arguments:
                continue
            expected, answer = expected_outside(way.to, who), asker.ask(way)
            if answer not in expected:
                wrong.append(f"{way} as {who}: expected {' or '.join(expected)}, was {answer}")
    assert not wrong, f"As {tongue}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("tongue", ["page", "json"])
def test_nothing_is_written_in_an_archived_project(app, make, tongue):
    things, people = there_is(make, "private")
    with app.app_context():
        projects.archive(projects.get("MATRIX", people["owner"]), people["owner"])
    asker = Asker(app, people["owner"], things)
    writes = [way for way in ways(app, tongue) if "project" in way.rule.arguments and way.method != "GET"]
    answers = {way: asker.ask(way) for way in writes}
    wrong = [
        f"{way}: was {answers[way]}" for way in writes if answers[way] != (ALLOWED if way.to.archived else "403")
    ]
    assert not wrong, "\n".join(wrong)


@dataclass(frozen=True, eq=False)
class Way:
    """One way to use a route: how it is sent there in this tongue."""

    rule: Rule
    method: str
    tongue: str
    to: To

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} ({self.rule.endpoint})"


def ways(app: Flask, tongue: str) -> Iterator[Way]:
    """All that this tongue can ask: pages post to the twin of a PATCH or DELETE, and clients have no forms."""
    with_a_line = [rule for rule in app.url_map.iter_rules() if rule.endpoint in ROUTES]
    for rule in sorted(with_a_line, key=lambda rule: rule.rule):
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if operation is None or is_asked(operation, method, tongue):
                yield Way(rule, method, tongue, ROUTES[rule.endpoint])


def is_asked(operation: Any, method: str, tongue: str) -> bool:
    if tongue == "page":
        return method in ("GET", "POST")
    return not operation.page_only and (method != "POST" or operation.method == "POST")


def expected_of(way: Way, who: str, visibility: str) -> str:
    standing = STANDING[visibility].get(who) or ALWAYS.get(who) or who
    may = LADDER.index(standing) >= LADDER.index(way.to.lowest) or (way.to.author and who == "author")
    if who == "anonymous":
        may, refusal = may and way.method == "GET" and not way.to.signed_in, "401"
    else:
        refusal = "404" if standing == "nobody" else "403"
    return ALLOWED if may else refusal


def expected_outside(to: To, who: str) -> tuple[str, ...]:
    if to.lowest == "signer":
        return ("401",)
    if to.lowest == "anyone" or who == "admin" or (to.lowest == "somebody" and who != "anonymous"):
        return (ALLOWED,)
    return ("401",) if who == "anonymous" else ("403", "404")


class Asker:
    """Somebody with a browser and an API client; what they ask for is undone at once."""

    def __init__(self, app: Flask, who: Viewer | None, things: dict[str, Any]) -> None:
        self.api, self.browser = Api(app, who, {}), Browser(app, who)
        # Everybody has logins of their own; somebody who has none asks for any.
        own = self.api.get("/auth/sign-ins")["items"] if who is not None else [{"id": 1}]
        self.things = {**things, "sign_in": own[0]["id"]}
        self.csrf, self.cookie = self.browser.csrf, self.browser.client.get_cookie(self.browser.cookie("cairn"))
        self.adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        with app.app_context():
            self.connection: Any = db.engines[None]

    def ask(self, way: Way) -> str:
        meant = {name: way.to.at.get(name, name) for name in way.rule.arguments}
        unknown = set(meant.values()) - set(self.things)
        assert not unknown, f"{way}: say in there_is() what {sorted(unknown)} stands for"
        values = {name: self.things[thing] for name, thing in meant.items()}
        url = self.adapter.build(way.rule.endpoint, values, method=way.method)
        with self._undone():
            return outcome(self._send(way, url))

    def _send(self, way: Way, url: str) -> TestResponse:
        if way.tongue == "json":
            return self.api.send(way.method, url, json=None if way.method == "GET" else way.to.sends)
        # What was undone here is still done in the browser: it forgot its login, or has one of a new account.
        self.browser.client.delete_cookie(self.browser.cookie("cairn"))
        if self.cookie is not None:
            self.browser.hold(self.cookie.value)
        data = None if way.method == "GET" else {"csrf_token": self.csrf, **way.to.sends}
        return self.browser.client.open(url, method=way.method, data=data, headers=HTML)

    @contextmanager
    def _undone(self) -> Iterator[None]:
        before = self.connection.begin_nested()
        try:
            yield
        finally:
            before.rollback()


def outcome(answer: TestResponse) -> str:
    """Refused for the person, or not; anything that says neither is told by its number."""
    status = answer.status_code
    if status == 303 and answer.headers["Location"].startswith("/auth/login?"):
        return "401"
    if status in (401, 403, 404):
        return str(status)
    return ALLOWED if status < 400 or status in (409, 412, 422) else f"{status}: {answer.text[:200]}"
