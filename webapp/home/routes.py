from flask import url_for

from webapp.home.schemas import AppearanceIn, HomeOut
from webapp.http import Done, Feature, Form, Page, Reply, theme, viewer
from webapp.issues import service as issues
from webapp.projects import service as projects
from webapp.projects.schemas import ProjectQuery

bp = Feature("home")


@bp.get("/")
def index() -> Reply[HomeOut]:
    """Your projects and what happened in them lately."""
    listed = projects.listing(ProjectQuery(), viewer()).items
    recent = issues.recent(viewer())
    return Page("home/index.html", HomeOut(projects=listed, recent=recent), projects=listed, recent=recent)


@bp.page("/login")
def login() -> Reply[None]:
    """The login under its short address."""
    return Done(None, at=url_for("auth.login_form"))


@bp.page("/register")
def register() -> Reply[None]:
    """The registration under its short address."""
    return Done(None, at=url_for("auth.register_form"))


@bp.page("/appearance")
def appearance() -> Page:
    """How this browser shows its pages: light, dark, or as the system says."""
    return Page("home/appearance.html", form=Form.of({"theme": theme.chosen() or "system"}))


@bp.page("/appearance", method="POST", form="appearance", anonymous=True)
def change_appearance(body: AppearanceIn) -> Reply[None]:
    """Choose it. It is this browser's, so nobody needs an account for it."""
    theme.choose(body.theme)
    return Done(None, at=url_for(".appearance"), say="Saved.")
