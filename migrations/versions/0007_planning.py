"""Statuses, milestones, dates, estimates, parents and relations of issues."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

DEFAULTS = """
    INSERT INTO statuses (project_id, name, category, position)
    SELECT projects.id, given.name, given.category, given.position
    FROM projects CROSS JOIN (VALUES
        ('Backlog', 'backlog', 0), ('Todo', 'unstarted', 1), ('In progress', 'started', 2),
        ('In review', 'started', 3), ('Done', 'done', 4), ('Canceled', 'canceled', 5)
    ) AS given (name, category, position)
"""
GIVEN = """
    UPDATE issues SET status_id = statuses.id FROM statuses
    WHERE statuses.project_id = issues.project_id AND statuses.name = CASE
        WHEN issues.state = 'open' THEN 'Backlog'
        WHEN issues.close_reason IN ('not_planned', 'duplicate') THEN 'Canceled'
        ELSE 'Done' END
"""


def upgrade() -> None:
    op.create_table(
        "statuses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "category IN ('backlog', 'unstarted', 'started', 'done', 'canceled')",
            name=op.f("statuses_category_check"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("statuses_project_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("statuses_pkey")),
    )
    op.create_index("statuses_name_key", "statuses", ["project_id", sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "milestones",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("milestones_state_check")),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("milestones_closed_at_check")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("milestones_project_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("milestones_pkey")),
    )
    op.create_index(
        "milestones_title_key", "milestones", ["project_id", sa.literal_column("lower(title)")], unique=True
    )
    _plan_issues()
    op.create_table(
        "issue_links",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('blocks', 'relates', 'duplicates')", name=op.f("issue_links_kind_check")),
        sa.CheckConstraint("source_id <> target_id", name=op.f("issue_links_target_id_check")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("issue_links_created_by_fkey")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["issues.id"], name=op.f("issue_links_source_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["issues.id"], name=op.f("issue_links_target_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("issue_links_pkey")),
        sa.UniqueConstraint("source_id", "kind", "target_id", name=op.f("issue_links_source_id_kind_target_id_key")),
    )
    op.create_index(op.f("issue_links_created_by_idx"), "issue_links", ["created_by"])
    op.create_index(op.f("issue_links_target_id_kind_idx"), "issue_links", ["target_id", "kind"])


def _plan_issues() -> None:
    op.add_column("issues", sa.Column("status_id", sa.BigInteger(), nullable=True))
    op.add_column("issues", sa.Column("milestone_id", sa.BigInteger(), nullable=True))
    op.add_column("issues", sa.Column("parent_id", sa.BigInteger(), nullable=True))
    op.add_column("issues", sa.Column("start_on", sa.Date(), nullable=True))
    op.add_column("issues", sa.Column("estimate", sa.SmallInteger(), nullable=True))
    op.execute(DEFAULTS)
    op.execute(GIVEN)
    op.alter_column("issues", "status_id", nullable=False)
    op.create_foreign_key(
        op.f("issues_status_id_fkey"), "issues", "statuses", ["status_id"], ["id"],
        deferrable=True, initially="DEFERRED",
    )  # fmt: skip
    op.create_foreign_key(
        op.f("issues_milestone_id_fkey"), "issues", "milestones", ["milestone_id"], ["id"], ondelete="SET NULL"
    )
    op.create_foreign_key(
        op.f("issues_parent_id_fkey"), "issues", "issues", ["parent_id"], ["id"], ondelete="SET NULL"
    )
    op.create_check_constraint(op.f("issues_estimate_check"), "issues", "estimate BETWEEN 0 AND 1000")
    op.create_check_constraint(op.f("issues_parent_id_check"), "issues", "parent_id <> id")
    op.create_index(op.f("issues_status_id_idx"), "issues", ["status_id"])
    op.create_index(op.f("issues_parent_id_idx"), "issues", ["parent_id"])
    op.create_index(
        op.f("issues_milestone_id_state_idx"), "issues", ["milestone_id", "state"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("issue_links")
    for column in ("estimate", "start_on", "parent_id", "milestone_id", "status_id"):
        op.drop_column("issues", column)
    op.drop_table("milestones")
    op.drop_table("statuses")
