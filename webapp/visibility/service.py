"""Who sees what, and why; and what a change would let others see, before it is made."""

from collections.abc import Sequence

from webapp.access import SEE_PRIVATE_FROM, Do, Role, Viewer, Visibility, can, require, sees_private
from webapp.accounts.rows import Person
from webapp.comments import service as comments
from webapp.comments.schemas import CommentEdit
from webapp.comments.service import CommentRow
from webapp.editing.targets import target_of
from webapp.issues import service as issues
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueEdit
from webapp.paging import COUNTED, bounded, cut, place
from webapp.projects.service import ProjectRow
from webapp.visibility import repository
from webapp.visibility.rows import Audience, Found, Ground, Onlooker, Reveal, Seen
from webapp.visibility.schemas import IssueSeenQuery, ProjectSeenQuery, SeenQuery

NOTHING: Sequence[Reveal] = ()


def of_project(project: ProjectRow, query: ProjectSeenQuery, by: Viewer | None) -> Seen:
    """Who sees a project. Raises what `require` does for who may not see it either."""
    seen = _seen(project, None, query, by)
    seen.reveals = if_edited(project, query.to, query.private_role)
    return seen


def of_issue(project: ProjectRow, issue: IssueDetail, query: IssueSeenQuery, by: Viewer | None) -> Seen:
    """Who sees an issue. Raises NotFound for a comment that it has not, and what a move would."""
    seen = _seen(project, issue, query, by)
    seen.reveals = _asked(project, issue, query, by)
    return seen


def if_seen_as(project: ProjectRow, audience: Audience) -> Sequence[Reveal]:
    """What of a project others would see if it had another visibility: nothing if these are no more than now."""
    now = Audience.of(project.visibility)
    if audience.width <= now.width:
        return NOTHING
    return [Reveal(audience, None, *repository.public_of_project(project.id))]


def if_edited(project: ProjectRow, visibility: Visibility | None, private_role: Role | None) -> Sequence[Reveal]:
    """The same where one of the two may change, and what is private if it were seen from another role on."""
    wider = if_seen_as(project, Audience.of(visibility)) if visibility is not None else NOTHING
    return [*wider, *(_if_seen_from(project, private_role) if private_role is not None else NOTHING)]


def if_public(project: ProjectRow, issue: IssueDetail) -> Sequence[Reveal]:
    """What others would see if an issue were not private: all of it but its private comments."""
    if not issue.private:
        return NOTHING
    audience = Audience.of(project.visibility)
    people = repository.newly_of_issue(project.id, issue.id) if audience is Audience.NAMED else None
    what = 1, issue.comment_count, repository.files_of_issue(issue.id)
    return _to(audience, people, what)


def if_comment_public(project: ProjectRow, issue: IssueDetail, comment: CommentRow) -> Sequence[Reveal]:
    """The same of a comment, which those would see who see its issue."""
    if not comment.private:
        return NOTHING
    audience = Audience.of(project.visibility, is_private=issue.private)
    is_named = audience is Audience.NAMED
    people = repository.newly_of_comment(project.id, issue.id, comment.author.id) if is_named else None
    return _to(audience, people, (0, 1, repository.files_of_comment(comment.id)))


def if_moved(project: ProjectRow, issue: IssueDetail, target: ProjectRow) -> Sequence[Reveal]:
    """What others would see if an issue moved: all of it, where more see the other project; and what is private.

    Private comments, and private issues, are seen there by those who see what is private there.
    """
    said, files = repository.private_comments(issue.id)
    public = 1, issue.comment_count, repository.files_of_issue(issue.id)
    if not issue.private:
        private = 0, said, files
        return [*_wider(project, target, public), *_to_others(project, target, private if said else None)]
    return _to_others(project, target, (1, public[1] + said, public[2] + files))


def if_issue_edited(project: ProjectRow, number: int, changes: IssueEdit, by: Viewer) -> Sequence[Reveal]:
    """The same of a change of an issue. Where the project has nothing private, nothing is asked."""
    if changes.private is not False or not project.has_private:
        return NOTHING
    issue = issues.get(project, number, by)
    return NOTHING if issue.held else if_public(project, issue)


def if_comment_edited(
    project: ProjectRow, issue: IssueDetail, comment_id: int, changes: CommentEdit
) -> Sequence[Reveal]:
    """The same of a change of a comment."""
    if changes.private is not False or not project.has_private:
        return NOTHING
    comment = comments.get(project, issue, comment_id)
    return NOTHING if comment.held else if_comment_public(project, issue, comment)


def if_taken(project: ProjectRow, number: int, ref: str, by: Viewer) -> Sequence[Reveal]:
    """The same of a move to the project with this key or id. Raises what the move would."""
    return if_moved(project, issues.get(project, number, by), target_of(project, ref, by))


def _if_seen_from(project: ProjectRow, least: Role) -> Sequence[Reveal]:
    more = set(SEE_PRIVATE_FROM[least]) - set(SEE_PRIVATE_FROM[project.private_role])
    if not more or not project.has_private:
        return NOTHING
    people = repository.count_roles(project.id, more)
    return _to(Audience.NAMED, people, repository.private_of_project(project.id))


def _asked(project: ProjectRow, issue: IssueDetail, query: IssueSeenQuery, by: Viewer | None) -> Sequence[Reveal]:
    reveals: list[Reveal] = []
    if query.to is not None and Audience.of(query.to) is not Audience.NAMED:
        reveals += if_public(project, issue)
    if query.comment is not None:
        reveals += if_comment_public(project, issue, comments.get(project, issue, query.comment))
    if query.project is not None and by is not None:
        reveals += if_moved(project, issue, target_of(project, query.project, by))
    return reveals


def _wider(project: ProjectRow, target: ProjectRow, what: tuple[int, int, int]) -> Sequence[Reveal]:
    audience, now = Audience.of(target.visibility), Audience.of(project.visibility)
    is_named = audience is Audience.NAMED
    if audience.width < now.width or (audience is now and not is_named):
        return NOTHING
    people = repository.newly_elsewhere(project.id, target.id, private=False) if is_named else None
    return _to(audience, people, what)


def _to_others(project: ProjectRow, target: ProjectRow, what: tuple[int, int, int] | None) -> Sequence[Reveal]:
    if what is None:
        return NOTHING
    return _to(Audience.NAMED, repository.newly_elsewhere(project.id, target.id, private=True), what)


def _to(audience: Audience, people: int | None, what: tuple[int, int, int]) -> Sequence[Reveal]:
    """What becomes visible to them; nothing to nobody, and nothing where whoever looks sees none of it.

    That there is something which they do not see, they must not hear either.
    """
    return [Reveal(audience, people, *what)] if people != 0 and any(what) else []


def _seen(project: ProjectRow, issue: IssueDetail | None, query: SeenQuery, by: Viewer | None) -> Seen:
    require(by, Do.SEE, project)
    at = place(query.cursor, str, int)
    issue_id, is_private = (issue.id, issue.private) if issue else (None, False)
    # Whoever only looks in has no need to know who runs the installation.
    administrators = can(by, Do.SEE_PRIVATE, project)
    rows = repository.named(project.id, issue_id, at, query.limit + 1, administrators=administrators)
    page = cut(rows, query.limit, at, lambda row: (row.sort_key, row.id))
    total = bounded(repository.count_named(project.id, issue_id, COUNTED + 1, administrators=administrators))
    shown = [
        _onlooker(row, project.private_role, is_private=is_private, administrators=administrators)
        for row in page.items
    ]
    audience = Audience.of(project.visibility, is_private=is_private)
    seen = Seen(shown, total, page.after, page.before)
    seen.visibility, seen.private, seen.audience = project.visibility, is_private, audience
    return seen


def _onlooker(row: Found, least: Role, *, is_private: bool, administrators: bool) -> Onlooker:
    """Why somebody sees it: of what is private only a role of the team is a reason."""
    is_by_role = row.role is not None and (not is_private or sees_private(row.role, least))
    reasons = [Ground(row.role)] if is_by_role and row.role else []
    if is_private:
        reasons += [Ground.AUTHOR] if row.is_author else []
        reasons += [Ground.ASSIGNEE] if row.is_assignee else []
    if administrators and row.is_admin:
        reasons.append(Ground.ADMINISTRATOR)
    return Onlooker(row.id, Person(row.id, row.name, row.avatar), reasons, row.sees_private)
