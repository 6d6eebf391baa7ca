"""What becomes of a mail that came in: a comment, an issue, or nothing, and who hears why."""

from datetime import timedelta

from pydantic import ValidationError

from webapp import counting, eyes
from webapp.access import Do, Viewer, can
from webapp.comments import service as comments
from webapp.comments.schemas import CommentIn
from webapp.db import together, transaction
from webapp.editing import opening
from webapp.errors import CairnError, NotFound, Unavailable
from webapp.i18n import N_, _, speaking
from webapp.i18n.fields import first, told
from webapp.issues import service as issues
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueIn
from webapp.mail import service as mail
from webapp.mail.office import office
from webapp.mail_in import addresses, making, ordering, reading, repository
from webapp.mail_in.addresses import ProjectAddress, Reply
from webapp.mail_in.heads import AnyMessage
from webapp.mail_in.ordering import Say
from webapp.mail_in.parsing import Unreadable, parsed
from webapp.mail_in.reading import Letter
from webapp.mail_in.rows import IncomingRow, Known
from webapp.models.mail_in import State
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow

# As many an hour may come from one address: more than anybody writes, too few to fill a project unnoticed.
MOST_HELD = 100
NOT_TAKEN = N_(
    "It could not be read, however often it was tried. Whoever runs this Cairn sees why, and can try it again."
)
HOURLY, HOUR = 60, timedelta(hours=1)


class Ignored(Exception):
    """Nobody need hear of it; says why."""


class Held(Exception):
    """A maintainer of the project decides."""

    def __init__(self, project_id: int, letter: Letter) -> None:
        self.project_id, self.letter = project_id, letter


class Refused(Exception):
    """Its sender must hear of it; says why. `by` is who that is, if they are known for sure."""

    def __init__(self, why: str, by: Viewer | None = None) -> None:
        super().__init__(why)
        self.by = by


def take(incoming_id: int, say: Say) -> None:
    """Make of a mail what it is meant for. What is done already is not done again."""
    row = _waiting(incoming_id)
    if row is None:
        return
    counting.note_mail("in", _ended(row, say))


def _ended(row: IncomingRow, say: Say) -> State:
    """How it ended, which is written down."""
    try:
        _take(row, say)
    except Ignored as error:
        _end(row, State.IGNORED, str(error))
        return State.IGNORED
    except Held as held:
        _hold(row, held)
        return State.HELD
    except Refused as error:
        _end(row, State.REFUSED, str(error), error.by)
        return State.REFUSED
    return State.TAKEN


def give_up(id: int) -> None:
    """Note that a mail is not tried any more, and tell its sender, if it is theirs for sure."""
    if _given_up(id):
        counting.note_mail("in", State.FAILED)


@transaction
def _given_up(id: int) -> bool:
    """Whether it still waited."""
    sender = repository.turn(id, State.WAITING, State.FAILED, NOT_TAKEN)
    if sender is None:
        return False
    known = repository.with_address(sender) if sender else None
    if known is not None:
        mail.post("mail_in", known.viewer, {"incoming": id}, key=f"mail_in:{id}")
    return True


@transaction
def revive(id: int) -> None:
    """Note that what was given up is tried again."""
    repository.turn(id, State.FAILED, State.WAITING, "")


@transaction
def _waiting(incoming_id: int) -> IncomingRow | None:
    return repository.locked(incoming_id)


def _take(row: IncomingRow, say: Say) -> None:
    try:
        message = parsed(row.source)
        if why := reading.automatic(message, office().host):
            raise Ignored(why)
        letter = reading.letter_of(message)
    except Unreadable as error:
        raise Ignored(str(error)) from None
    _require_authentic(message, letter)  # what is forged does not count as somebody's
    _note(row, letter)
    if repository.sent_lately(letter.sender, HOUR) > HOURLY:
        raise Ignored(f"More than {HOURLY} mails came from this address within an hour.")
    if letter.is_empty:
        raise Ignored("Nobody wrote anything in it.")
    meant = addresses.meant(row.recipient)
    known = _answering(meant, letter) if isinstance(meant, Reply) else _writing(meant, letter)
    with speaking(known.viewer.language), eyes.through(known.viewer.id):  # who hears what could not be done
        _carry_out(row, letter, known, say)


def _carry_out(row: IncomingRow, letter: Letter, known: Known, say: Say) -> None:
    try:
        project, issue, left = _make(row, letter, known.viewer)
    except Unavailable:
        raise  # later
    except (CairnError, ValidationError) as error:
        raise Refused(_sentence(error, say), known.viewer) from None
    left += ordering.carry_out(project, issue, letter.orders, known.viewer, say)
    _end(row, State.TAKEN, "\n".join(left), known.viewer)


def _answering(reply: Reply, letter: Letter) -> Known:
    """Whose token it is. A mail with it may have been passed on: only its owner answers by it."""
    known = repository.with_id(reply.user_id)
    if known is None or not addresses.is_signed(reply, known.epoch):
        raise Ignored("The address that it was sent to is no longer of any use.")
    if known.viewer.email.lower() != letter.sender:
        with speaking(known.viewer.language):
            said = _(
                "It came from %(sender)s. Only you may answer to that address, from %(own)s.",
                sender=letter.sender,
                own=known.viewer.email,
            )
        raise Refused(said, known.viewer)
    return known


def _writing(meant: ProjectAddress | None, letter: Letter) -> Known:
    """Who writes to a project that takes mail. For whom may not open issues there, a maintainer decides."""
    opened = repository.open_project(meant.key) if meant is not None else None
    if opened is None:
        raise Ignored("The project takes no mail.")
    project_id = opened.project_id
    known = repository.with_address(letter.sender)
    if known is None or not _may_open(project_id, known.viewer):
        if repository.held_number(project_id) >= MOST_HELD:
            raise Ignored(f"More than {MOST_HELD} mails wait there.")
        raise Held(project_id, letter)
    return known


def _may_open(project_id: int, by: Viewer) -> bool:
    try:
        return can(by, Do.OPEN_ISSUE, projects.get(str(project_id), by))
    except NotFound:
        return False


def _require_authentic(message: AnyMessage, letter: Letter) -> None:
    authority = addresses.inlet().authority
    if authority and not reading.is_authentic(message, authority):
        raise Ignored(f"{authority} does not say that it is from {letter.sender}.")


def _make(row: IncomingRow, letter: Letter, by: Viewer) -> tuple[ProjectRow, IssueDetail, list[str]]:
    """The issue that it is about or has become, and what of it could not be done."""
    meant = addresses.meant(row.recipient)
    issue_id = meant.issue_id if isinstance(meant, Reply) else row.issue_id
    if isinstance(meant, Reply) or issue_id is not None:
        project, issue = _found(issue_id or 0, by)
        left = _comment(row, project, issue, letter, by) if row.issue_id is None else []
        return project, issue, left
    opened = repository.open_project(meant.key) if meant is not None else None
    if opened is None:
        raise Ignored("The project takes no mail.")
    project = projects.get(str(opened.project_id), by)
    body, left = making.body(project, letter, by)
    draft = {"title": making.title(letter), "body": body, "private": opened.private}
    with together(lambda: _require_waiting(row)):
        made = opening.create(project, IssueIn.model_validate(draft), by)
        repository.note(row.id, issue_id=made.id)
    return project, made, left


def _found(issue_id: int, by: Viewer) -> tuple[ProjectRow, IssueDetail]:
    place = repository.place_of(issue_id)
    if place is None:
        raise Refused(_("The issue that it is about was deleted."), by)
    project = projects.get(str(place.project_id), by)
    return project, issues.get(project, place.number, by)


def _comment(row: IncomingRow, project: ProjectRow, issue: IssueDetail, letter: Letter, by: Viewer) -> list[str]:
    """Add it, unless there are orders alone."""
    body, left = making.body(project, letter, by)
    if not body:
        return left
    meant = addresses.meant(row.recipient)
    is_private = isinstance(meant, Reply) and meant.private
    with together(lambda: _require_waiting(row)):
        comments.create(project, issue, CommentIn.model_validate({"body": body, "private": is_private}), by)
        repository.note(row.id, issue_id=issue.id)
    return left


def _require_waiting(row: IncomingRow) -> None:
    """Nobody else takes it from here on, until it is noted what was made of it."""
    now = repository.locked(row.id)
    if now is None or now.issue_id is not None:
        raise Ignored("It was taken meanwhile.")


def _sentence(error: CairnError | ValidationError, say: Say) -> str:
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        return told(".".join(map(str, fault["loc"])), say(fault))
    return first(error.errors) or _(str(error))


@transaction
def _note(row: IncomingRow, letter: Letter) -> None:
    repository.note(row.id, sender=letter.sender, subject=letter.subject[:500])


@transaction
def _hold(row: IncomingRow, held: Held) -> None:
    """Leave it to a maintainer, who can read what it says before they decide."""
    names = [file.name for file in held.letter.files]
    words = making.beginning(held.letter)
    repository.note(row.id, state=State.HELD, project_id=held.project_id, words=words, files=names)


@transaction
def _end(row: IncomingRow, state: State, answer: str, writer: Viewer | None = None) -> None:
    """Write down what became of it, and tell its sender of what was not done."""
    repository.end(row.id, state, answer[:4000])
    if answer and writer is not None:
        mail.post("mail_in", writer, {"incoming": row.id}, key=f"mail_in:{row.id}")
