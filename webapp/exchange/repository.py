from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    Table,
    Text,
    bindparam,
    column,
    delete,
    func,
    or_,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from webapp import clock
from webapp.db import AnyRow, db
from webapp.events import writing as events
from webapp.exchange.copying import copy, moved
from webapp.issues import locks
from webapp.models.accounts import FormerUser, User
from webapp.models.comments import Comment
from webapp.models.issues import Issue, IssueAlias, IssueAssignee, IssueLabel, Priority
from webapp.models.labels import Label
from webapp.models.projects import Membership, Project, ProjectAlias
from webapp.models.statuses import Status, defaults
from webapp.reading import among

Values = Sequence[Mapping[str, Any]]
ISSUES, COMMENTS, TIES, ASSIGNED = (
    cast(Table, model.__table__) for model in (Issue, Comment, IssueLabel, IssueAssignee)
)


def take_time() -> None:
    """Let this transaction wait for others, and work, longer than a page may."""
    db.session.execute(text("SET LOCAL statement_timeout = '60s'"))
    db.session.execute(text("SET LOCAL lock_timeout = '30s'"))


def be_unheard() -> None:
    """Let nobody be told of what this transaction writes: it happened long ago, and elsewhere."""
    db.session.execute(text("SET LOCAL cairn.unheard = 'on'"))


def project(key: str) -> Project | None:
    """The project that has or had this key; nobody makes one with it until the transaction ends."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    former = select(ProjectAlias.project_id).where(ProjectAlias.key == key).scalar_subquery()
    return db.session.scalar(select(Project).where(or_(Project.key == key, Project.id == former)))


def reserve(project_id: int, highest: int) -> bool:
    """Take all numbers up to this one, and mark the project as being imported, until `finish`.

    Returns whether an earlier import has not finished.
    """
    row = select(Project.importing_since).where(Project.id == project_id).with_for_update(key_share=True)
    since = db.session.scalar(row)
    _change_project(
        project_id,
        next_number=func.greatest(Project.next_number, highest + 1),
        importing_since=since or func.now(),
    )
    return since is not None


def finish(project_id: int) -> None:
    """The project holds all of the archive."""
    _change_project(project_id, importing_since=None)


def count(project_id: int, *, opened: int, closed: int) -> None:
    """Move the project's counters. Its row is the last that is taken, and is held for a moment."""
    _change_project(
        project_id,
        open_issues=Project.open_issues + opened,
        closed_issues=Project.closed_issues + closed,
        updated_at=func.now(),
    )


def _change_project(project_id: int, **values: Any) -> None:
    db.session.execute(
        update(Project).where(Project.id == project_id).values(**values).execution_options(synchronize_session=False)
    )


def owner(email: str | None) -> User | None:
    """The person with this address; without one, whoever has been here longest and can log in."""
    statement = select(User).where(User.password_hash.is_not(None), User.is_active).order_by(User.id).limit(1)
    if email is not None:
        statement = statement.where(func.lower(User.email) == func.lower(email))
    return db.session.scalar(statement)


def add_project(row: Project) -> None:
    """Add it with its owner and statuses, marked from the start as not whole."""
    row.importing_since = clock.now()
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


def label_names(ids: Collection[int]) -> dict[int, str]:
    return dict(db.session.execute(select(Label.id, Label.name).where(among(Label.id, ids))).tuples().all())


def people_names(ids: Collection[int]) -> dict[int, str]:
    return dict(db.session.execute(select(User.id, User.name).where(among(User.id, ids))).tuples().all())


def people(values: Values) -> tuple[dict[str, int], set[str]]:
    """The ids of these people by origin, and who of them is new: they are made, without a way to log in."""
    ids = _people(values)
    missing = sorted((one for one in values if one["origin"] not in ids), key=lambda one: str(one["origin"]))
    if not missing:
        return ids, set()
    made = upsert(User).values(missing).on_conflict_do_nothing(index_elements=[User.origin]).returning(User.origin)
    new = {origin or "" for origin in db.session.scalars(made)}
    return _people(values), new


def _people(values: Values) -> dict[str, int]:
    origins = [value["origin"] for value in values]
    own = select(User.origin, User.id).where(among(User.origin, origins))
    former = select(FormerUser.origin, FormerUser.user_id).where(among(FormerUser.origin, origins))
    rows = db.session.execute(union_all(own, former))
    return {origin or "": id for origin, id in rows}


def labels(project_id: int, values: Values) -> tuple[dict[str, int], int]:
    """The ids of the project's labels by the names that were asked for, and how many are new: those are made.

    The database tells which names are the same in another case, as for all labels.
    """
    if not values:
        return {}, 0
    ids = _labels(project_id, values)
    rows = [{"project_id": project_id, **value} for value in values if value["name"] not in ids]
    if not rows:
        return ids, 0
    made = upsert(Label).values(rows).on_conflict_do_nothing().returning(Label.id)
    added = len(db.session.execute(made).all())
    return _labels(project_id, values), added


def _labels(project_id: int, values: Values) -> dict[str, int]:
    asked = func.unnest(bindparam("names", [value["name"] for value in values], type_=ARRAY(Text)))
    names = asked.table_valued(column("name", Text), name="asked").render_derived()
    pairs = db.session.execute(
        select(names.c.name, Label.id)
        .join(Label, func.lower(Label.name) == func.lower(names.c.name))
        .where(Label.project_id == project_id)
    )
    return dict(pairs.all())


def origins(project_id: int) -> dict[int, str | None]:
    """Where each issue of the project came from, by its number."""
    rows = db.session.execute(select(Issue.number, Issue.origin).where(Issue.project_id == project_id))
    return dict(rows.all())


def imported(project_id: int) -> list[int]:
    """The ids of the project's imported issues."""
    those = select(Issue.id).where(
        Issue.project_id == project_id, Issue.origin.is_not(None), Issue.deleted_at.is_(None)
    )
    return list(db.session.scalars(those.order_by(Issue.id)))


def present(project_id: int, numbers: Sequence[int], *, locked: bool = False) -> dict[int, AnyRow]:
    """Issues of the project by number, with what an import compares; locked until the transaction ends if asked."""
    assigned = (
        select(func.array_agg(User.origin))
        .join(IssueAssignee, IssueAssignee.user_id == User.id)
        .where(IssueAssignee.issue_id == Issue.id)
        .correlate(Issue)
        .scalar_subquery()
    )
    columns = (
        Issue.id, Issue.number, Issue.origin, Issue.version, Issue.title, Issue.body, Issue.state, Issue.close_reason,
        Issue.closed_at, Issue.updated_at, Issue.priority, Issue.status_id, Issue.milestone_id, Issue.deleted_at,
        Issue.label_ids, Issue.assignee_ids, assigned.label("assigned"),
    )  # fmt: skip
    wanted = select(*columns).where(Issue.project_id == project_id, among(Issue.number, numbers))
    if locked:
        wanted = wanted.order_by(Issue.id).with_for_update(key_share=True, of=Issue)
    return {row.number: row for row in db.session.execute(wanted)}


def purged(project_id: int) -> set[int]:
    """The numbers whose issues were deleted for good, here or wherever they had gone."""
    numbers = select(IssueAlias.number).where(IssueAlias.project_id == project_id, IssueAlias.issue_id.is_(None))
    return set(db.session.scalars(numbers))


def away(project_id: int, numbers: Sequence[int]) -> set[int]:
    """Those of these numbers whose issues have gone to another project, whatever became of them there."""
    those = (IssueAlias.project_id == project_id, among(IssueAlias.number, numbers))
    return set(db.session.scalars(select(IssueAlias.number).where(*those)))


def present_comments(issue_ids: Sequence[int]) -> set[tuple[int, str]]:
    """(issue, origin) of the imported comments of these issues."""
    rows = db.session.execute(
        select(Comment.issue_id, Comment.origin).where(
            among(Comment.issue_id, issue_ids), Comment.origin.is_not(None)
        )
    )
    return {(issue_id, origin or "") for issue_id, origin in rows}


def add_issues(project_id: int, values: Values) -> dict[int, int]:
    """Add issues of one project; returns their ids by number."""
    ranks = list(Priority)
    copy(ISSUES, [{**value, "priority": ranks.index(value["priority"])} for value in values])
    numbers = [value["number"] for value in values]
    rows = db.session.execute(
        select(Issue.number, Issue.id).where(Issue.project_id == project_id, among(Issue.number, numbers))
    )
    return dict(rows.all())


def change_issues(values: Values) -> None:
    db.session.execute(update(Issue), values)


def add_comments(values: Values) -> None:
    copy(COMMENTS, values)


def add_events(values: Values) -> None:
    copy(events.TABLE, values)


def untie_labels(issue_ids: Sequence[int]) -> Counter[int]:
    """Take all labels from these issues; returns from how many each was taken."""
    untied = delete(IssueLabel).where(among(IssueLabel.issue_id, issue_ids)).returning(IssueLabel.label_id)
    return Counter(db.session.scalars(untied))


def tie_labels(values: Values) -> None:
    copy(TIES, values)


def unassign(issue_ids: Sequence[int]) -> None:
    db.session.execute(delete(IssueAssignee).where(among(IssueAssignee.issue_id, issue_ids)))


def assign(values: Values) -> None:
    copy(ASSIGNED, values)


def count_labels(tied: Mapping[int, int]) -> None:
    """Move the counters of labels, each by so many issues more or fewer."""
    steps = {label_id: count for label_id, count in tied.items() if count}
    locks.take_labels(steps)
    if steps:
        db.session.execute(moved(Label, Label.issue_count, steps))


def count_comments(added: Mapping[int, int]) -> None:
    """Move the counters of issues that were here, each by so many comments more."""
    if added:
        db.session.execute(moved(Issue, Issue.comment_count, added))


def analyze() -> None:
    """Tell the planner of the new rows."""
    for table in ("issues", "comments", "issue_labels", "issue_assignees", "events", "users"):
        db.session.execute(text(f"ANALYZE {table}"))
