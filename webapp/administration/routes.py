from webapp.access import Viewer
from webapp.administration import service as administration
from webapp.administration.schemas import AdministrationOut
from webapp.http import Feature, Page, Reply

bp = Feature("administration", "/admin")


@bp.get("")
def index(by: Viewer) -> Reply[AdministrationOut]:
    """What there is to look after, and how much of it needs somebody. For administrators."""
    found = administration.needs(by)
    return Page("administration/index.html", found, found=found)
