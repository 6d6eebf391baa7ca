from flask import url_for

from webapp.access import Viewer
from webapp.blocks import service as blocks
from webapp.blocks.schemas import BlockIn, BlockOut
from webapp.http import Done, Feature, Form, Made, Page, Reply
from webapp.i18n import _
from webapp.paging import whole
from webapp.projects.service import ProjectRow
from webapp.types import Slice

bp = Feature("blocks", "/projects/<project:project>/blocks")


@bp.get("")
def index(project: ProjectRow, by: Viewer) -> Reply[Slice[BlockOut]]:
    """Whom the owners of a project have blocked from it."""
    listed = blocks.listing(project, by)
    return Page("blocks/list.html", whole(listed), blocks=listed, project=project, form=Form.of({}))


@bp.post("", form="index", creates=True)
def block(project: ProjectRow, body: BlockIn, by: Viewer) -> Reply[BlockOut]:
    """Block somebody: they can only read here, as far as everybody can."""
    row = blocks.block(project, body, by)
    at = url_for(".index", project=project.key)
    return Made(row, at=at, say=_("%(name)s is blocked.", name=row.user.name))


@bp.delete("/<number:blocked>", form="index")
def unblock(project: ProjectRow, blocked: int, by: Viewer) -> Reply[None]:
    """Let somebody take part again."""
    blocks.unblock(project, blocked, by)
    return Done(None, at=url_for(".index", project=project.key), say=_("They can take part again."))
