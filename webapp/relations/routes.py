from typing import Any

from flask import url_for

from webapp.http import Done, Feature, Form, Made, Page, Reply, me, viewer
from webapp.http.canonical import project_at, project_for
from webapp.issues import service as issues
from webapp.relations import service as relations
from webapp.relations.schemas import RelationIn, RelationOut, RelationsOut

bp = Feature("relations", "/projects/<project:project>/issues/<number:number>/relations")


@bp.get("")
def index(project: str, number: int) -> Reply[RelationsOut]:
    """What an issue is tied to, and how many of its parts are closed."""
    found = project_at(project)
    issue = issues.get(found, number, viewer())
    tied = relations.of(issue, viewer())
    return Page("relations/list.html", tied, project=found, issue=issue, relations=tied, form=lambda: Form.of())


@bp.post("", form="index", creates=True)
def create(project: str, number: int, body: RelationIn) -> Reply[RelationOut]:
    """Tie an issue to another one."""
    found = project_for(project)
    relation = relations.create(found, issues.get(found, number, me()), body, by=me())
    at = _at(found.key, number)
    return Made(relation, at=at, say=f"Tied to {relation.issue.key}.")


@bp.get("/<number:relation>")
def show(project: str, number: int, relation: int) -> Reply[RelationOut]:
    """One relation. A browser is shown all of the issue's."""
    found = project_at(project)
    one = relations.get(issues.get(found, number, viewer()), relation, viewer())
    return Done(one, at=_at(found.key, number))


@bp.delete("/<number:relation>")
def remove(project: str, number: int, relation: int) -> Reply[None]:
    """Untie an issue from another one."""
    found = project_for(project)
    relations.remove(found, issues.get(found, number, me()), relation, by=me())
    return Done(None, at=_at(found.key, number), say="Untied.")


def _at(project: str, number: int) -> str:
    values: dict[str, Any] = {"project": project, "number": number}
    return url_for(".index", **values)
