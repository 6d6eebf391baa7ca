"""A project's own address: whether it is open, and what waits there because its sender is not known."""

from webapp.access import Do, Viewer, require
from webapp.db import together, transaction
from webapp.editing import opening
from webapp.errors import NotFound
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueIn
from webapp.mail_in import addresses, making, reading, repository
from webapp.mail_in.parsing import parsed
from webapp.mail_in.rows import HeldRow, Mailbox
from webapp.projects.service import ProjectRow

SHOWN = 100


def of(project: ProjectRow, by: Viewer) -> Mailbox:
    """The mailbox of a project, for those who look after it."""
    require(by, Do.EDIT_PROJECT, project)
    is_open = repository.is_open(project.id)
    return Mailbox(addresses.project_address(project.key), is_open, repository.held(project.id, SHOWN))


@transaction
def choose(project: ProjectRow, by: Viewer, *, is_open: bool) -> None:
    """Take mail, or no longer. What waits goes on waiting."""
    require(by, Do.EDIT_PROJECT, project)
    repository.set_open(project.id, is_open=is_open)


def accept(project: ProjectRow, letter_id: int, by: Viewer) -> IssueDetail:
    """Open an issue for somebody who is not known here, in one's own name. Raises NotFound."""
    require(by, Do.EDIT_PROJECT, project)
    row = _held(project, letter_id)
    letter = reading.letter_of(parsed(row.source))
    words, _left = making.body(project, letter, by)
    written = _("%(who)s wrote by mail:", who=making.plain(letter.sender))
    body = f"*{written}*\n\n{words}"
    draft = IssueIn.model_validate({"title": making.title(letter), "body": body})
    with together(lambda: repository.take_held(project.id, letter_id)):
        issue = opening.create(project, draft, by)
        repository.accepted(letter_id, issue.id)
    return issue


@transaction
def refuse(project: ProjectRow, letter_id: int, by: Viewer) -> None:
    """Let a mail go. Its sender hears nothing: who that is, nobody knows. Raises NotFound."""
    require(by, Do.EDIT_PROJECT, project)
    repository.take_held(project.id, letter_id)
    repository.refused(letter_id)


def _held(project: ProjectRow, letter_id: int) -> HeldRow:
    row = repository.one_held(project.id, letter_id)
    if row is None:
        raise NotFound(_("This mail does not wait any more."))
    return row
