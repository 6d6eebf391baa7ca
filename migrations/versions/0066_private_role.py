"""From which role on what is private in a project is seen, and mail that becomes private: two constant defaults."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"

STAMPED = """
DROP TRIGGER stamp_2_update ON projects;
CREATE CONSTRAINT TRIGGER stamp_2_update AFTER UPDATE OF
    key, name, description, visibility, owner_id, archived_at, importing_since, default_view_id{column}
ON projects DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (
    (OLD.key, OLD.name, OLD.description, OLD.visibility, OLD.owner_id, OLD.archived_at, OLD.importing_since,
     OLD.default_view_id{old})
    IS DISTINCT FROM (NEW.key, NEW.name, NEW.description, NEW.visibility, NEW.owner_id, NEW.archived_at,
     NEW.importing_since, NEW.default_view_id{new})
    AND stamp_noted('w', OLD.id)
) EXECUTE FUNCTION move_stamps();
"""


def upgrade() -> None:
    op.add_column("projects", sa.Column("private_role", sa.String(), server_default="member", nullable=False))
    roles = "private_role IN ('reporter', 'member', 'maintainer')"
    op.create_check_constraint(op.f("projects_private_role_check"), "projects", roles)
    is_private = sa.Column[bool]("private", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("project_mailboxes", is_private)
    op.execute(STAMPED.format(column=", private_role", old=", OLD.private_role", new=", NEW.private_role"))


def downgrade() -> None:
    """What only maintainers saw, members see again."""
    op.execute(STAMPED.format(column="", old="", new=""))
    op.drop_column("project_mailboxes", "private")
    op.drop_constraint(op.f("projects_private_role_check"), "projects")
    op.drop_column("projects", "private_role")
