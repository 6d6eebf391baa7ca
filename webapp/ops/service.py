import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from webapp import migrations
from webapp.access import Viewer, Visibility
from webapp.attachments import ownership
from webapp.auth import making
from webapp.auth.schemas import RegisterIn
from webapp.backups import service as backups
from webapp.comments import service as comments
from webapp.comments.schemas import CommentIn
from webapp.config import of_this_app
from webapp.config.keys import ring_of_this_app
from webapp.db import release, transaction
from webapp.editing import opening
from webapp.errors import Unavailable
from webapp.faults import SQLAlchemyError
from webapp.issues import service as issues
from webapp.issues.schemas import IssueIn
from webapp.jobs import service as jobs
from webapp.labels import service as labels
from webapp.labels.schemas import LabelIn
from webapp.milestones import service as milestones
from webapp.milestones.schemas import MilestoneIn
from webapp.models.issues import Priority
from webapp.ops import checking, repository
from webapp.ops.checking import Finding, Level
from webapp.ops.facts import facts
from webapp.projects import service as projects
from webapp.projects.schemas import ProjectIn
from webapp.relations import service as relations
from webapp.relations.schemas import RelationIn, Way
from webapp.settings import service as settings

CLOCKS_APART = timedelta(minutes=1)
# What is due for so long, nobody does.
LATE = timedelta(minutes=5)
# A question that only this installation can answer.
ASKED = re.compile(r"[0-9a-f]{32}")
DEMO_EMAIL = "demo@cairn.example"
LABELS = (
    ("bug", "#d34467", "Something does not do what it should"),
    ("idea", "#338392", "Something that could be"),
    ("question", "#99722b", "Somebody wants to know"),
    ("good first issue", "#298954", "A small, well described beginning"),
)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Why requests should not be sent here, if they should not; and what else whoever runs this should know."""

    reason: str = ""
    notes: tuple[str, ...] = ()


def readiness() -> Readiness:
    """Whether requests may be sent here."""
    try:
        standing = repository.standing()
    except SQLAlchemyError:
        release()  # the connection may have died of a restart that is over
        try:
            standing = repository.standing()
        except SQLAlchemyError:
            return Readiness("The database does not answer.")
    if standing.revision != head():
        return Readiness(f"The database is at migration {standing.revision}, the code at {head()}.")
    settings.refresh()  # who is not logged in brings no counter: so whatever watches this process does
    if standing.only_reads:
        return Readiness("The database can only be read: it is a standby, or was told so.")
    return Readiness(notes=tuple(_notes(standing)))


def _notes(standing: repository.Standing) -> Iterator[str]:
    apart = abs(datetime.now(UTC) - standing.now)
    if apart > CLOCKS_APART:
        yield f"The clocks of this machine and of the database are {apart.total_seconds():.0f} s apart. Set them."
    waits = jobs.backlog()
    if waits.waits_since is not None and (late := standing.now - waits.waits_since) > LATE:
        yield (
            f"{waits.due} jobs are due, the first since {late.total_seconds() // 60:.0f} minutes. "
            "Is a worker running? See `flask jobs`."
        )
    if waits.dead:
        yield f"{waits.dead} jobs were given up. See /admin/jobs, or `flask jobs --dead`."
    if trouble := backups.trouble(standing.now):
        yield trouble
    if standing.missing:
        yield (
            f"A pooler drops these settings, so they go with each statement: {', '.join(standing.missing)}. "
            "ALTER ROLE … SET saves that."
        )


def check(*, deploy: bool) -> list[Finding]:
    """What is wrong with this installation; with `deploy` also what should not be so where others use it."""
    state = readiness()
    found = [Finding(Level.ERROR, "database", state.reason)] if state.reason else []
    found += [Finding(Level.WARNING, "running", note) for note in state.notes]
    if trouble := files_trouble():
        found.append(Finding(Level.ERROR, "files", trouble))
    if deploy and not state.reason:
        found += checking.findings(of_this_app(), facts(DEMO_EMAIL))
    return sorted(found, key=lambda one: one.level)


def files_trouble(*, at_once: bool = False) -> str:
    """Why nothing can be uploaded; empty if all is well. `at_once` a slow store is told as one that is away."""
    return ownership.trouble(at_once=at_once)


def proof(asked: str) -> str:
    """What only who has this installation's key says to a question: so an address is known to be this one's."""
    return ring_of_this_app("health").mac(asked).hex()


@lru_cache
def head() -> str | None:
    """The newest migration that the code knows; looked up once."""
    return migrations.head()


def require_prepared() -> None:
    """Let commands begin only where the database is as this code needs it; Unavailable says what to do."""
    revision = repository.revision() if repository.is_migrated() else None
    refuse_foreign(repository.encoding(), revision)
    release()  # a command may run for long, and do without
    if revision is None:
        raise Unavailable("The database is not prepared. Start bin/serve once, or run `flask prepare`.")
    if revision != head():
        raise Unavailable(
            f"The database is at migration {revision}, and this code needs {head()}. Run `flask prepare` first."
        )


def refuse_foreign(encoding: str, revision: str | None) -> None:
    """Raise Unavailable for a database that migrations cannot make fit: of another encoding, or newer."""
    if encoding != "UTF8":
        raise Unavailable(
            f"The database stores text in {encoding}, and Cairn needs UTF8. "
            "Make another with CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'."
        )
    if revision is not None and not migrations.knows(revision):
        raise Unavailable(
            f"The database is at migration {revision}, which this code does not know. "
            "Run the newer Cairn, or downgrade the database with it first."
        )


@transaction
def first_start() -> str | None:
    """Make the demo if nobody has ever had an account here; returns its password.

    Two servers that start at once on one database take turns.
    """
    repository.lock_first_start()
    return demo() if repository.is_new() else None


@transaction
def demo() -> str:
    """Make the demo account with a project to look around in; returns its password, which nothing else knows."""
    password = f"{secrets.token_urlsafe(6)}-{secrets.token_urlsafe(6)}"
    by = making.register(RegisterIn(name="Demo", email=DEMO_EMAIL, password=password), is_demo=True)
    project = projects.create(
        ProjectIn(name="Demo", key="DEMO", description=TEXT, visibility=Visibility.INTERNAL), by
    )
    for name, color, description in LABELS:
        labels.create(project, LabelIn(name=name, color=color, description=description), by)
    _tell(by)
    return password


def _tell(by: Viewer) -> None:
    """A few issues that show what an issue can hold."""
    project = projects.get("DEMO", by)
    goal = milestones.create(project, MilestoneIn(title="First steps", description="Look around in #1."), by)
    for draft in ISSUES:
        opening.create(project, draft.model_copy(update={"milestone": goal.id if draft.parent else None}), by)
    first = issues.get(project, 1, by)
    relations.create(project, first, RelationIn(kind=Way.RELATES, issue="#4"), by)
    comments.create(project, first, CommentIn(body="A comment. *Edit* it, or close the issue with another."), by)


TEXT = "A place to try things out. Nothing here matters: change it, close it, delete it."
ISSUES = (
    IssueIn(
        title="Look around",
        body="Every page is also an API: add `Accept: application/json` to the request for this address.\n\n"
        "- [x] log in\n- [ ] open an issue\n- [ ] import your own: `flask import github FILE --project KEY`",
        labels=["good first issue"],
    ),
    IssueIn(
        title="The board does not remember its columns", labels=["bug"], priority=Priority.HIGH, status="In progress"
    ),
    IssueIn(title="Show the week's closed issues on the first page", labels=["idea"], priority=Priority.LOW),
    IssueIn(title="Which keys does the list know?", labels=["question"], status="Todo"),
    IssueIn(title="Make this project your own", status="In progress"),
    IssueIn(title="Invite the others", body="Settings, Members.", status="Todo", parent=5, estimate=1),
    IssueIn(title="Choose the statuses that you work with", body="Settings, Statuses.", parent=5, estimate=2),
)
