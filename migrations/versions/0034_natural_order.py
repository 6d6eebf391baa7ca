"""Names are sorted as people count and spell: a key of each is kept beside it, made by the database itself.

The server need not know how a language is sorted, nor what its letters are: all of that is in the function.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

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


def upgrade() -> None:
    spelled = f"translate(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g'), '{CAPITAL}', '{SMALL}')"
    for letter, letters in SPELLED.items():
        spelled = f"replace({spelled}, '{letter}', '{letters}')"
    op.get_bind().exec_driver_sql(NATURAL_KEY.format(spelled=spelled))
    # Each writes its table anew, in one go: of these tables even large ones are small.
    for table, column in TABLES.items():
        key = sa.Computed(f"natural_key({column})", persisted=True)
        op.add_column(table, sa.Column("sort_key", sa.Text(collation="C"), key))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "sort_key")
    op.execute("DROP FUNCTION natural_key(text)")
