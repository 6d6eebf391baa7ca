"""What led to an issue: the list, or the board, and the way on and back from the issue's page."""

from flask import url_for

from webapp.access import Viewer
from webapp.board import service as board
from webapp.http.addresses import led_by
from webapp.http.application import asked
from webapp.issues.rows import IssueDetail
from webapp.lists import page as lists
from webapp.lists.page import Beside
from webapp.projects.service import ProjectRow


def way_back(project: ProjectRow) -> str:
    """Where whoever is done with an issue goes: to the list or board that led to it, else to the list."""
    leading = led_by(asked())
    if leading is not None and leading.board:
        return _board(project, leading.board, leading.text)
    return lists.address(project, leading.text if leading else "is:open")


def beside(project: ProjectRow, issue: IssueDetail, by: Viewer | None) -> Beside | None:
    """The way on from an issue through the list that led to it, or back to the board; None where neither did."""
    leading = led_by(asked())
    if leading is not None and leading.board:
        return Beside(None, None, _board(project, leading.board, leading.text, f"card-{issue.number}"), None)
    return lists.beside(project, issue, by)


def _board(project: ProjectRow, by: str, text: str, anchor: str | None = None) -> str:
    """Columns that there are no more, as the last label of their scope has gone, are those of the plain board."""
    there = {value.casefold() for value, _words in board.groupings(project)} - {"status"}
    columns = by if by.casefold() in there else None
    return url_for("board.show", project=project.key, by=columns, q=text or None, _anchor=anchor)
