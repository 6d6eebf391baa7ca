from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Form, Made, Page, Reply
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.projects.service import ProjectRow
from webapp.relations import service as relations
from webapp.relations.schemas import RelationIn, RelationOut, RelationsOut

bp = Feature("relations", "/projects/<project:project>/issues/<number:number>/relations")


@bp.get("")
def index(project: ProjectRow, issue: IssueDetail, by: Viewer | None) -> Reply[RelationsOut]:
    """What an issue is tied to, and how many of its parts are closed."""
    tied = relations.of(issue, by)
    return Page("relations/list.html", tied, project=project, issue=issue, relations=tied, form=lambda: Form.of())


@bp.post("", form="index", creates=True)
def create(project: ProjectRow, issue: IssueDetail, body: RelationIn, by: Viewer) -> Reply[RelationOut]:
    """Tie an issue to another one."""
    relation = relations.create(project, issue, body, by=by)
    at = _at(project.key, issue.number)
    return Made(relation, at=at, say=_("Tied to %(key)s.", key=relation.issue.key))


@bp.get("/<number:relation>")
def show(project: ProjectRow, issue: IssueDetail, relation: int, by: Viewer | None) -> Reply[RelationOut]:
    """One relation. A browser is shown all of the issue's."""
    one = relations.get(issue, relation, by)
    return Done(one, at=_at(project.key, issue.number))


@bp.delete("/<number:relation>")
def remove(project: ProjectRow, issue: IssueDetail, relation: int, by: Viewer) -> Reply[None]:
    """Untie an issue from another one."""
    relations.remove(project, issue, relation, by=by)
    return Done(None, at=_at(project.key, issue.number), say=_("Untied."))


def _at(project: str, number: int) -> str:
    values: dict[str, Any] = {"project": project, "number": number}
    return url_for(".index", **values)
