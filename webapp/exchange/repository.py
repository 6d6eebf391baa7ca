from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ARRAY, BigInteger, Table, Text, bindparam, column, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from webapp.accounts.models import User
from webapp.comments.models import Comment
from webapp.db import AnyRow, db
from webapp.exchange.copying import copy
from webapp.issues.models import Issue, IssueAlias, IssueLabel, Priority, State
from webapp.labels.models import Label
from webapp.projects.models import Membership, Project, ProjectAlias
from webapp.statuses.models import Status, defaults
from webapp.timeline.models import Event

Values = Sequence[dict[str, Any]]
ISSUES, COMMENTS, EVENTS, TIES = (cast(Table, model.__table__) for model in (Issue, Comment, Event, IssueLabel))


def take_time() -> None:
    """Let this transaction last: an import is one, and may be long."""
    db.session.execute(text("SET LOCAL statement_timeout = 0"))
    db.session.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def project(key: str) -> Project | None:
    """The project that has or had this key, locked until the transaction ends."""
    former = select(ProjectAlias.project_id).where(ProjectAlias.key == key).scalar_subquery()
    return db.session.scalar(select(Project).where(or_(Project.key == key, Project.id == former)).with_for_update())


def owner(email: str | None) -> User | None:
    """The person with this address; without one, whoever has been here longest and can log in."""
    statement = select(User).where(User.password_hash.is_not(None), User.is_active).order_by(User.id).limit(1)
    if email is not None:
        statement = statement.where(func.lower(User.email) == func.lower(email))
    return db.session.scalar(statement)


def add_project(row: Project) -> None:
    db.session.add(row)
    db.session.flush()
    db.session.add(Membership(project_id=row.id, user_id=row.owner_id, role="owner"))
    db.session.add_all(defaults(row.id))
    db.session.flush()


def statuses(project_id: int) -> Sequence[Status]:
    """The statuses of the project, in their order."""
    return db.session.scalars(
        select(Status).where(Status.project_id == project_id).order_by(Status.position, Status.id)
    ).all()


def people(values: Values) -> dict[str, int]:
    """The ids of these people by origin; those who are new are made, without a way to log in."""
    if values:
        db.session.execute(upsert(User).values(values).on_conflict_do_nothing(index_elements=[User.origin]))
    origins = [value["origin"] for value in values]
    rows = db.session.execute(select(User.origin, User.id).where(User.origin.in_(origins)))
    return {origin or "": id for origin, id in rows}


def labels(project_id: int, values: Values) -> dict[str, int]:
    """The ids of the project's labels by the names that were asked for; those that are missing are made.

    The database tells which names are the same in another case, as for all labels.
    """
    if values:
        rows = [{"project_id": project_id, **value} for value in values]
        db.session.execute(upsert(Label).on_conflict_do_nothing(), rows)
    asked = func.unnest(bindparam("names", [value["name"] for value in values], type_=ARRAY(Text)))
    names = asked.table_valued(column("name", Text), name="asked").render_derived()
    found = db.session.execute(
        select(names.c.name, Label.id)
        .join(Label, func.lower(Label.name) == func.lower(names.c.name))
        .where(Label.project_id == project_id)
    )
    return dict(found.all())


def present(project_id: int) -> dict[int, AnyRow]:
    """The project's issues by number, with what an import compares."""
    columns = (
        Issue.id, Issue.number, Issue.origin, Issue.version, Issue.title, Issue.body, Issue.state,
        Issue.close_reason, Issue.closed_at, Issue.updated_at, Issue.priority, Issue.status_id,
    )  # fmt: skip
    rows = db.session.execute(select(*columns).where(Issue.project_id == project_id))
    return {row.number: row for row in rows}


def gone(project_id: int) -> set[int]:
    """The numbers whose issues are no longer here: in the trash, deleted for good, or in another project."""
    trashed = select(Issue.number).where(Issue.project_id == project_id, Issue.deleted_at.is_not(None))
    purged = select(Event.data["number"].astext.cast(BigInteger)).where(
        Event.project_id == project_id, Event.kind == "deleted", Event.issue_id.is_(None)
    )
    moved = select(IssueAlias.number).where(IssueAlias.project_id == project_id)
    return set(db.session.scalars(trashed.union(purged, moved)))


def present_comments(issue_ids: Sequence[int]) -> set[tuple[int, str]]:
    """(issue, origin) of the imported comments of these issues."""
    rows = db.session.execute(
        select(Comment.issue_id, Comment.origin).where(Comment.issue_id.in_(issue_ids), Comment.origin.is_not(None))
    )
    return {(issue_id, origin or "") for issue_id, origin in rows}


def add_issues(project_id: int, values: Values) -> dict[int, int]:
    """Add issues of one project; returns their ids by number."""
    ranks = list(Priority)
    copy(ISSUES, [{**value, "priority": ranks.index(value["priority"])} for value in values])
    numbers = [value["number"] for value in values]
    rows = db.session.execute(
        select(Issue.number, Issue.id).where(Issue.project_id == project_id, Issue.number.in_(numbers))
    )
    return dict(rows.all())


def change_issues(values: Values) -> None:
    db.session.execute(update(Issue), values)


def add_comments(values: Values) -> None:
    copy(COMMENTS, values)


def add_events(values: Values) -> None:
    copy(EVENTS, values)


def untie_labels(issue_ids: Sequence[int]) -> None:
    db.session.execute(delete(IssueLabel).where(IssueLabel.issue_id.in_(issue_ids)))


def tie_labels(values: Values) -> None:
    copy(TIES, values)


def settle(project_id: int, issue_ids: Sequence[int]) -> None:
    """Bring the counters back in step with what was written, each by one statement."""
    if issue_ids:
        comments = (
            select(func.count()).where(Comment.issue_id == Issue.id, Comment.deleted_at.is_(None)).scalar_subquery()
        )
        db.session.execute(update(Issue).where(Issue.id.in_(issue_ids)).values(comment_count=comments))
    present = Issue.deleted_at.is_(None)
    tied = (
        select(func.count())
        .select_from(IssueLabel)
        .join(Issue, Issue.id == IssueLabel.issue_id)
        .where(IssueLabel.label_id == Label.id, present)
        .scalar_subquery()
    )
    db.session.execute(update(Label).where(Label.project_id == project_id).values(issue_count=tied))
    counted = select(func.count()).select_from(Issue).where(Issue.project_id == project_id, present)
    highest = select(func.coalesce(func.max(Issue.number), 0)).where(Issue.project_id == project_id)
    db.session.execute(
        update(Project)
        .where(Project.id == project_id)
        .values(
            open_issues=counted.where(Issue.state == State.OPEN).scalar_subquery(),
            closed_issues=counted.where(Issue.state == State.CLOSED).scalar_subquery(),
            next_number=func.greatest(Project.next_number, highest.scalar_subquery() + 1),
            updated_at=func.now(),
        )
    )


def analyze() -> None:
    """Tell the planner of the new rows; outside a transaction."""
    for table in ("issues", "comments", "issue_labels", "events", "users"):
        db.session.execute(text(f"ANALYZE {table}"))
