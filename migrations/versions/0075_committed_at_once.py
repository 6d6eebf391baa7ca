"""What is all of a change is committed at once, and fails where somebody's rights are not as they were seen."""

from alembic import op

revision = "0075"
down_revision = "0074"


def upgrade() -> None:
    """Adds a function, which nothing of the former version calls."""
    op.execute("""
        CREATE FUNCTION refuse_unseen() RETURNS boolean
        LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION USING ERRCODE = 'RS001', MESSAGE = 'Rights are not as they were seen.';
        END
        $$;
    """)


def downgrade() -> None:
    op.execute("DROP FUNCTION refuse_unseen()")
