from collections.abc import Collection, Sequence

from webapp.reading import Text, read

# One's own one sees whatever becomes of it.
_APPROVED = Text(
    """
    SELECT (
        SELECT count(*) FROM (
            SELECT FROM issues
            WHERE project_id = :project_id AND author_id = :author_id AND deleted_at IS NULL AND NOT EXISTS (
                SELECT FROM held_posts WHERE held_posts.issue_id = issues.id AND comment_id IS NULL
            ) LIMIT :most
        ) AS opened
    ) + (
        SELECT count(*) FROM (
            SELECT FROM comments JOIN issues ON issues.id = comments.issue_id
            WHERE comments.author_id = :author_id AND issues.project_id = :project_id
            AND comments.deleted_at IS NULL AND NOT EXISTS (
                SELECT FROM held_posts WHERE held_posts.comment_id = comments.id
            ) LIMIT :most
        ) AS said
    )
    """,
    "project_id bigint, author_id bigint, most bigint",
    "number",
)
_ADDING = Text(
    "INSERT INTO held_posts (issue_id, comment_id, private) VALUES (:issue_id, :comment_id, :private)",
    "issue_id bigint, comment_id bigint, private boolean",
)
_WISHING = Text(
    "UPDATE held_posts SET private = true"
    " WHERE issue_id = ANY (:ids) AND comment_id IS NOT DISTINCT FROM :comment_id AND NOT private",
    "ids bigint[], comment_id bigint",
)
_WISHED = Text(
    "SELECT private FROM held_posts WHERE issue_id = :issue_id AND comment_id IS NOT DISTINCT FROM :comment_id",
    "issue_id bigint, comment_id bigint",
    "private",
)
_OF_ISSUE = Text("SELECT comment_id FROM held_posts WHERE issue_id = :issue_id", "issue_id bigint", "comment_id")
_AMONG = Text(
    "SELECT issue_id FROM held_posts WHERE issue_id = ANY (:ids) AND comment_id IS NULL", "ids bigint[]", "issue_id"
)
_OWNERS = Text(
    """
    SELECT users.id FROM memberships JOIN users ON users.id = memberships.user_id
    WHERE memberships.project_id = :project_id AND memberships.role = 'owner' AND users.is_active ORDER BY users.id
    """,
    "project_id bigint",
    "id",
)


def count_approved(project_id: int, author_id: int, most: int) -> int:
    """How many posts of somebody in a project were approved, or needed no approval; of each sort `most` at most."""
    values = {"project_id": project_id, "author_id": author_id, "most": most}
    return int(read(_APPROVED, values).one().number)


def add(issue_id: int, comment_id: int | None, *, private: bool) -> None:
    """Mark an issue, or a comment on it."""
    read(_ADDING, {"issue_id": issue_id, "comment_id": comment_id, "private": private})


def wish(ids: Collection[int], comment_id: int | None) -> None:
    """Note of those of these issues that are held, or of a comment on one, that they are to stay private."""
    read(_WISHING, {"ids": list(ids), "comment_id": comment_id})


def is_wished(issue_id: int, comment_id: int | None) -> bool:
    """Whether that is noted."""
    row = read(_WISHED, {"issue_id": issue_id, "comment_id": comment_id}).one_or_none()
    return row is not None and bool(row.private)


def comments_of(issue_id: int) -> set[int | None]:
    """The comments that are held on an issue; None stands for the issue itself."""
    return {row.comment_id for row in read(_OF_ISSUE, {"issue_id": issue_id})}


def issues_among(ids: Collection[int]) -> set[int]:
    """Those of these issues that are held."""
    return {row.issue_id for row in read(_AMONG, {"ids": list(ids)})}


def owners(project_id: int) -> Sequence[int]:
    """The owners of a project, by number."""
    return [row.id for row in read(_OWNERS, {"project_id": project_id})]
