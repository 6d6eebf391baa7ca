"""Events say the ids of the statuses, milestones, labels and people that they name, as far as names still tell.

What was deleted since, two people of one name, and what happened in a project that the issue has left since stay as
they were: those are found by name.
"""

from alembic import op

revision = "0034"
down_revision = "0033"

# Names of before a move mean nothing, or something else, where the issue is now.
HERE = """
    NOT EXISTS (
        SELECT FROM events moved
        WHERE moved.issue_id = events.issue_id AND moved.kind = 'moved' AND moved.id > events.id
    )
"""
# A field that names one thing of the project.
POINTED = """
UPDATE events SET data = events.data || told.ids
FROM (
    SELECT events.id, jsonb_build_object('old_id', before.id, 'new_id', after.id) AS ids
    FROM events
    LEFT JOIN {things} before
        ON before.project_id = events.project_id AND lower(before.{name}) = lower(events.data ->> 'old')
    LEFT JOIN {things} after
        ON after.project_id = events.project_id AND lower(after.{name}) = lower(events.data ->> 'new')
    WHERE events.kind = '{kind}' AND NOT events.data ? 'new_id' AND {here}
) AS told
WHERE told.id = events.id
"""
# A field of many: an id, or null, for each name.
SETS = """
WITH known AS ({known})
UPDATE events SET data = events.data || told.ids
FROM (
    SELECT events.id, jsonb_build_object(
        'added_ids', coalesce(jsonb_agg(known.id ORDER BY named.place) FILTER (WHERE named.side = 'added'), '[]'),
        'removed_ids', coalesce(jsonb_agg(known.id ORDER BY named.place) FILTER (WHERE named.side = 'removed'), '[]')
    ) AS ids
    FROM events
    CROSS JOIN (VALUES ('added'), ('removed')) AS sides (side)
    CROSS JOIN LATERAL (
        SELECT sides.side, each.name, each.place
        FROM jsonb_array_elements_text(events.data -> sides.side) WITH ORDINALITY AS each (name, place)
    ) AS named
    LEFT JOIN known ON known.name = lower(named.name) AND known.project_id IN (0, events.project_id)
    WHERE events.kind = '{kind}' AND NOT events.data ? 'added_ids' AND {here}
    GROUP BY events.id
) AS told
WHERE told.id = events.id
"""
LABELS = "SELECT project_id, lower(name) AS name, id FROM labels"
# Those whose name nobody else has.
PEOPLE = """
    SELECT 0 AS project_id, lower(name) AS name, min(id) AS id FROM users GROUP BY lower(name) HAVING count(*) = 1
"""


def upgrade() -> None:
    op.execute(POINTED.format(kind="moved_status", things="statuses", name="name", here=HERE))
    op.execute(POINTED.format(kind="milestoned", things="milestones", name="title", here=HERE))
    op.execute(SETS.format(kind="labelled", known=LABELS, here=HERE))
    op.execute(SETS.format(kind="assigned", known=PEOPLE, here="true"))


def downgrade() -> None:
    """The ids stay: an older Cairn reads past those that it does not know."""
