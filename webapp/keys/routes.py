from flask import url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Form, Page, Reply, choices, viewed
from webapp.http.negotiation import referrer
from webapp.i18n import N_, _
from webapp.keys import acting
from webapp.keys import service as places
from webapp.keys.keymap import KEYMAP
from webapp.keys.schemas import GroupOut, KeysIn, PaletteQuery, PlaceOut
from webapp.paging import whole
from webapp.types import Slice

bp = Feature("keys")

# A palette is read at one glance.
PLACES = 20
# Pages that belong to no project, by the names that people look for.
PAGES = (
    (N_("Your work"), "home.index"),
    (N_("Projects"), "projects.index"),
    (N_("All issues"), "all_issues.index"),
    (N_("Inbox"), "inbox.index"),
    (N_("New project"), "projects.new"),
    (N_("Your account"), "auth.me"),
    (N_("Feeds and calendars"), "feeds.tokens"),
    (N_("Tokens"), "personal_tokens.index"),
    (N_("Appearance"), "home.appearance"),
    (N_("Keys"), "keys.index"),
    (N_("API reference"), "docs.swagger"),
)


@bp.get("/keys")
def index() -> Reply[Slice[GroupOut]]:
    """What each key does, and whether single keys do anything in this browser."""
    form = Form.of({"keys": choices.keys.chosen() or "on"})
    return Page("keys/index.html", whole(KEYMAP), groups=KEYMAP, form=form)


@bp.page("/keys", method="POST", form="index", anonymous=True)
def choose(body: KeysIn) -> Reply[None]:
    """Switch single keys on or off. It is this browser's, so nobody needs an account for it."""
    choices.keys.choose(body.keys)
    return Done(None, at=url_for(".index"), say=_("Saved."))


@bp.get("/palette", spends="search")
def palette(query: PaletteQuery, by: Viewer | None) -> Reply[Slice[PlaceOut]]:
    """Where some letters may lead: issues by key or words, projects, pages.

    Without letters, to issues that were looked at lately. A browser gets what can be done at the page that it comes
    from as well.
    """
    came = referrer()
    at = query.at or (came.path if came else "")
    here = places.here(at, by)
    issues = [
        PlaceOut(
            kind="issue", name=one.title, key=one.key,
            at=url_for("issues.show", project=one.project_key, number=one.number),
        )
        for one in places.issues(query.q, by, here, viewed.ids(by.id) if by else ())
    ]  # fmt: skip
    projects = [
        PlaceOut(kind="project", name=one.name, key=one.key, at=url_for("projects.show", project=one.key))
        for one in places.projects(query.q, by)
    ]
    pages = [
        PlaceOut(kind="page", name=name, key="", at=url_for(endpoint))
        for name, endpoint in ((_(name), endpoint) for name, endpoint in PAGES)
        if query.q.lower() in name.lower()
    ]
    shown = [*issues, *projects, *pages][:PLACES]
    return Page(
        "keys/palette.html",
        whole(shown),
        groups=lambda: acting.groups(here, shown, query.q, by),
        query=query,
        at=at,
    )
