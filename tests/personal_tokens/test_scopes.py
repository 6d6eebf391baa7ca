"""Every route, asked with a token of every scope by somebody who may all of it themselves.

What a scope is for is worked out here from who may use a route, as tests/test_permissions.py says it: nothing is read
from webapp/http/scopes.py, which is what is being tested.
"""

import pytest

from tests.sso.conftest import Offer, acme, offer
from tests.test_permissions import ALLOWED, Asker, there_is, ways
from webapp.access import Scope
from webapp.db import transacting
from webapp.http import freshness, scopes
from webapp.http.scopes import SAFE
from webapp.models.projects import Membership, Project
from webapp.personal_tokens import service as tokens
from webapp.personal_tokens.schemas import PersonalTokenIn
from webapp.text import elsewhere

__all__ = ["acme", "offer"]

# An account and its secrets are for people alone, whatever asks for the password again as well.
NEVER = ("auth.", "factors.", "links.", "personal_tokens.", "sso.")
NEVER_EITHER = freshness.SENSITIVE | {"feeds.edit", "feeds.tokens"}
# What one shows of oneself is not among the secrets.
OF_ONESELF = {"auth.me": "read", "auth.update_me": "admin", "auth.put_avatar": "admin", "auth.remove_avatar": "admin"}
# What it makes of people is an owner's business, though anybody may.
OF_OWNERS = {"projects.create", "members.accept", "members.accept_own", "members.decline"}
# Lines of ROUTES that say admin because the thing there is theirs: everybody has such.
OWN_THINGS = {
    "all_views.confirm_remove", "all_views.edit", "all_views.remove", "all_views.show", "all_views.update",
    "attachments.download", "attachments.show", "attachments.thumbnail", "inbox.put_to_sleep", "inbox.show",
    "inbox.snooze", "inbox.undo", "inbox.update",
}  # fmt: skip
# A form that whoever sees the project may send: to send it takes more than to look.
FORMS = {"views.new"}
# These ask nobody who they are: what opens them is in the request itself, or they are open to all.
FOR_ANYBODY = {
    "auth.login", "auth.login_by_passkey", "auth.login_form", "auth.refresh", "auth.register", "auth.register_form", "code_hosts.receive",
    "claiming.register", "factors.login", "factors.login_form", "factors.options", "favicon", "home.manifest", "links.confirm", "links.confirm_form", "links.finish", "links.finish_form",
    "links.forgotten", "links.forgotten_form", "links.reset", "links.reset_form", "links.undo", "links.undo_form",
    "mail.stop", "members.register", "metrics.show", "ops.report", "sso.begin", "sso.callback",
}  # fmt: skip


@pytest.fixture(autouse=True)
def a_provider(offer: Offer) -> None:
    """Somebody else says who people are, too."""


def scope_of(way):
    """The least scope that a way to use a route takes; None for what no token may."""
    endpoint, lowest = way.rule.endpoint, way.to.lowest
    if endpoint in OF_ONESELF:
        return OF_ONESELF[endpoint]
    if endpoint.startswith(NEVER) or endpoint in NEVER_EITHER:
        return None
    if endpoint in OF_OWNERS or (lowest in ("maintainer", "owner", "admin") and endpoint not in OWN_THINGS):
        return "admin"
    only_looks = way.method in SAFE and lowest not in ("reporter", "member") and endpoint not in FORMS
    return "read" if only_looks else "write"


class Bearer(Asker):
    """Somebody who asks with a personal access token, for pages too."""

    def __init__(self, app, who, things, scope):
        super().__init__(app, who, things)
        with app.app_context():
            draft = PersonalTokenIn(name="Matrix", scope=Scope(scope))
            self.api.headers["Authorization"] = f"Bearer {tokens.create(draft, agent='tests', by=who)[1]}"

    def _send(self, way, url):
        if way.tongue == "json":
            return super()._send(way, url)
        data = None if way.method == "GET" else way.to.sends
        return self.api.send(way.method, url, data=data, headers={"Accept": "text/html"})


@pytest.fixture
def there(app, make, monkeypatch):
    """All there is, and somebody who owns the project and administrates Cairn."""
    monkeypatch.setattr(elsewhere, "_mode", "proxy")
    things, people = there_is(make, "private")
    root = people["admin"]
    with app.app_context(), transacting() as session:
        project = session.query(Project.id).filter_by(key="MATRIX").scalar()
        session.add(Membership(project_id=project, user_id=root.id, role="owner"))
    return things, root


@pytest.mark.parametrize("tongue", ["json", "page"])
@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_reaches_as_far_as_its_scope(app, there, scope, tongue):
    things, root = there
    asker, wrong = Bearer(app, root, things, scope), []
    for way in ways(app, tongue):
        if way.rule.endpoint in FOR_ANYBODY:
            continue
        least = scope_of(way)
        expected = ALLOWED if least is not None and list(Scope).index(scope) >= list(Scope).index(least) else "403"
        if (answer := asker.ask(way)) != expected:
            wrong.append(f"{way}: takes {least}, expected {expected}, was {answer}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("tongue", ["json", "page"])
def test_whoever_wrote_something_may_also_change_it_by_a_token(app, make, monkeypatch, tongue):
    monkeypatch.setattr(elsewhere, "_mode", "proxy")
    things, people = there_is(make, "private")
    asked = {scope: Bearer(app, people["author"], things, scope) for scope in ("read", "write")}
    of_authors = [way for way in ways(app, tongue) if way.to.author and not way.rule.endpoint.startswith("trash.")]
    assert {(way, asked["write"].ask(way)) for way in of_authors} == {(way, ALLOWED) for way in of_authors}
    assert {(way, asked["read"].ask(way)) for way in of_authors} == {(way, "403") for way in of_authors}


def test_every_route_is_in_a_room_that_says_what_it_takes(app):
    rooms = {rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules() if "." in rule.endpoint}
    assert rooms == set(scopes.ROOMS) | {"auth", "factors", "links", "personal_tokens", "sso"}
    assert set(scopes.OTHERWISE) <= {rule.endpoint for rule in app.url_map.iter_rules()}


def test_a_room_that_says_nothing_opens_to_no_token():
    assert scopes.needed("new_room.index", "GET") is None
    assert scopes.needed("auth.whatever_comes", "GET") is None
