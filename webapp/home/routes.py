from flask import url_for

from webapp.home.schemas import HomeOut
from webapp.http import Done, Feature, Page, Reply, viewer
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
