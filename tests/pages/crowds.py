"""A project with many people, labels, milestones and issues, written at once."""

from webapp.db import db, transacting

AMOUNTS = {"people": 200, "labels": 100, "milestones": 50, "issues": 300}
_WRITTEN = [
    """
    INSERT INTO users (name, email, handle, password_hash)
    SELECT 'Person ' || n || ' of the crowd', 'crowd' || n || '@example.com', 'crowd' || n, 'x'
    FROM generate_series(1, :people) n
    """,
    """
    INSERT INTO memberships (project_id, user_id, role)
    SELECT :project, id, 'member' FROM users WHERE handle ~ '^crowd[0-9]+$'
    """,
    """
    INSERT INTO labels (project_id, name, color, description)
    SELECT :project, CASE WHEN n % 2 = 0 THEN 'area::' ELSE '' END || 'label ' || n, '#d34467', 'What it means'
    FROM generate_series(1, :labels) n
    """,
    """
    INSERT INTO milestones (project_id, title, due_on)
    SELECT :project, 'Release 1.' || n, CASE WHEN n % 3 > 0 THEN date '2050-01-01' + n END
    FROM generate_series(1, :milestones) n
    """,
    """
    INSERT INTO issues (project_id, number, title, author_id, status_id, milestone_id, priority, due_on, comment_count)
    SELECT :project, n, 'The stone number ' || n || ' is loose and may fall on the path', :owner,
           s.ids[n % 6 + 1], m.ids[n % :milestones + 1], n % 5,
           CASE WHEN n % 3 = 0 THEN date '2050-01-01' + n END, n % 4
    FROM generate_series(1, :issues) n,
         (SELECT array_agg(id ORDER BY position) AS ids FROM statuses WHERE project_id = :project) s,
         (SELECT array_agg(id ORDER BY id) AS ids FROM milestones WHERE project_id = :project) m
    """,
    """
    INSERT INTO issue_labels (issue_id, label_id)
    SELECT i.id, l.ids[(i.number + step) % :labels + 1]
    FROM issues i, (VALUES (1), (8)) steps(step),
         (SELECT array_agg(id ORDER BY id) AS ids FROM labels WHERE project_id = :project) l
    WHERE i.project_id = :project
    """,
    """
    INSERT INTO issue_assignees (project_id, issue_id, user_id)
    SELECT :project, i.id, u.id
    FROM issues i JOIN users u ON u.handle = 'crowd' || (i.number % :people + 1)
    WHERE i.project_id = :project
    """,
    "UPDATE projects SET next_number = :issues + 1, open_issues = :issues WHERE id = :project",
]


def fill(app, project, **amounts):
    """Let a project have as many people, labels, milestones and issues as said, else as a big team's has."""
    values = {**AMOUNTS, **amounts, "project": project.id, "owner": project.owner_id}
    with app.app_context(), transacting() as session:
        for written in _WRITTEN:
            session.execute(db.text(written), values)
