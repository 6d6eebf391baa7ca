"""Names are sorted as people count and spell, and what was saved with them means the same when they change.

A key of each name is kept beside it, made by the database itself: the server need not know how a language is sorted,
nor what its letters are. Views keep the ids of what their queries name, templates those of their labels, and the id
of a label that becomes part of another leads to that one.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"

CAPITAL = "ØøŁłĐđÐðıΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣςΤΥΦΧΨΩАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЄЅІЈЉЊЋЏҐ"
SMALL = "oollddddiαβγδεζηθικλμνξοπρσστυφχψωабвгдежзиклмнопрстуфхцчшщъыьэюяђєѕіјљњћџґ"
SPELLED = {"ß": "ss", "ẞ": "ss", "Æ": "ae", "æ": "ae", "Œ": "oe", "œ": "oe", "Þ": "th", "þ": "th"}
# The same as in webapp/text/sorting.py. A number gets zeros in front, of which so many go again as it has 20 digits
# without; the name itself comes last, behind a character that no name has.
NATURAL_KEY = r"""
CREATE FUNCTION natural_key(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
    SELECT regexp_replace(
        regexp_replace(
            lower(CASE WHEN octet_length(name) = length(name) THEN name ELSE
                {spelled}
            END COLLATE "C"),
            '([0-9]+)', '00000000000000000000\1', 'g'
        ),
        '0*([0-9]{{20,}})', '\1', 'g'
    ) || E'\x01' || name
$body$;
"""
TABLES = {"labels": "name", "milestones": "title", "users": "name", "projects": "name"}
# What a name of each kind stood for, in the project of a view; people and projects everywhere.
MEANT = """
SELECT 'label', name, id FROM labels WHERE project_id = :project
UNION ALL SELECT 'status', name, id FROM statuses WHERE project_id = :project
UNION ALL SELECT 'milestone', title, id FROM milestones WHERE project_id = :project
UNION ALL SELECT 'person', name, id FROM users WHERE lower(name) = ANY (:said)
UNION ALL SELECT 'person', handle, id FROM users WHERE handle = ANY (:said)
UNION ALL SELECT 'project', key, id FROM projects WHERE lower(key) = ANY (:said)
"""


def upgrade() -> None:
    spelled = (
        f"translate(regexp_replace(normalize(name, NFKD), '[\\u0300-\\u036f]', '', 'g'), '{CAPITAL}', '{SMALL}')"
    )
    for letter, letters in SPELLED.items():
        spelled = f"replace({spelled}, '{letter}', '{letters}')"
    op.get_bind().exec_driver_sql(NATURAL_KEY.format(spelled=spelled))
    # Each writes its table anew, in one go: of these tables even large ones are small.
    for table, column in TABLES.items():
        key = sa.Computed(f"natural_key({column})", persisted=True)
        op.add_column(table, sa.Column("sort_key", sa.Text(collation="C"), key))
    op.create_table(
        "label_aliases",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["label_id"], ["labels.id"], name=op.f("label_aliases_label_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("label_aliases_pkey")),
    )
    op.create_index(op.f("label_aliases_label_id_idx"), "label_aliases", ["label_id"])
    op.add_column("views", sa.Column("named", postgresql.JSONB(), server_default="[]", nullable=False))
    _keep_meanings()
    _settle()
    op.add_column(
        "issue_templates",
        sa.Column("label_ids", sa.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.execute(
        "UPDATE issue_templates t SET label_ids = ARRAY(SELECT l.id FROM labels l WHERE l.project_id = t.project_id"
        " AND lower(l.name) IN (SELECT lower(name) FROM unnest(t.labels) AS name))"
    )
    _settle()
    op.drop_column("issue_templates", "labels")


def _settle() -> None:
    """Let what waits for the end of the transaction run now: no table can be altered before."""
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("SET CONSTRAINTS ALL DEFERRED")


def _keep_meanings() -> None:
    """Give each view the ids of what its query names. One that can no longer be read stays as it is."""
    from webapp.lists.asked import asked
    from webapp.text.query import Unreadable

    connection = op.get_bind()
    for id, project_id, query in connection.execute(sa.text("SELECT id, project_id, query FROM views")).all():
        try:
            names = asked(query).names
        except Unreadable:
            continue
        said = {(kind, name.lower()): name for kind, name in names}
        values: Any = {"project": project_id, "said": [name for _, name in said]}
        meant = connection.execute(sa.text(MEANT), values).all()
        things = [
            {"kind": kind, "name": said[kind, name.lower()], "id": thing}
            for kind, name, thing in meant
            if (kind, name.lower()) in said
        ]
        if things:
            kept = {"named": json.dumps(things), "id": id}
            connection.execute(sa.text("UPDATE views SET named = CAST(:named AS jsonb) WHERE id = :id"), kept)


def downgrade() -> None:
    op.add_column(
        "issue_templates",
        sa.Column("labels", sa.ARRAY(sa.String()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.execute(
        "UPDATE issue_templates SET labels ="
        " ARRAY(SELECT name FROM labels WHERE labels.id = ANY (label_ids) ORDER BY lower(name))"
    )
    _settle()
    op.drop_column("issue_templates", "label_ids")
    op.drop_column("views", "named")
    op.drop_table("label_aliases")
    for table in TABLES:
        op.drop_column(table, "sort_key")
    op.execute("DROP FUNCTION natural_key(text)")
