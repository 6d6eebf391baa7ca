"""A project's own address: whether it is open, and what waits there because its sender is not known."""

from webapp.access import Do, Viewer, require
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.db import together, transaction
from webapp.editing import opening
from webapp.errors import NotFound
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueIn
from webapp.mail_in import addresses, making, reading, repository
from webapp.mail_in.parsing import parsed
from webapp.mail_in.rows import HeldRow, Mailbox
from webapp.mail_in.schemas import MailboxIn
from webapp.projects.service import ProjectRow

SHOWN = 100


def of(project: ProjectRow, by: Viewer) -> Mailbox:
    """The mailbox of a project, for those who look after it."""
    require(by, Do.EDIT_PROJECT, project)
    opened = repository.opened(project.id)
    address, held = addresses.project_address(project.key), repository.held(project.id, SHOWN)
    return Mailbox(address, opened is not None, opened is not None and opened.private, held)


@transaction
def choose(project: ProjectRow, choice: MailboxIn, by: Viewer) -> None:
    """Take mail, or no longer, and whether private issues come of it. What waits goes on waiting."""
    require(by, Do.EDIT_PROJECT, project)
    now = repository.opened(project.id)
    is_private = choice.private if "private" in choice.model_fields_set else now is not None and now.private
    repository.set_open(project.id, is_open=choice.is_open, private=is_private)
    told = {"is_open": choice.is_open, "private": choice.is_open and is_private}
    audit.note(Kind.MAILBOX_CHOSEN, actor=by, project=project, after=told)


def accept(project: ProjectRow, letter_id: int, by: Viewer) -> IssueDetail:
    """Open an issue for somebody who is not known here, in one's own name. Raises NotFound."""
    require(by, Do.EDIT_PROJECT, project)
    row = _held(project, letter_id)
    letter = reading.letter_of(parsed(row.source))
    words, _left = making.body(project, letter, by)
    written = _("%(who)s wrote by mail:", who=making.plain(letter.sender))
    body = f"*{written}*\n\n{words}"
    opened = repository.opened(project.id)
    is_private = opened is not None and opened.private
    draft = IssueIn.model_validate({"title": making.title(letter), "body": body, "private": is_private})
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
