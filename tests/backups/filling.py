"""A row in each table that has none, made of what its columns may hold: nobody has to do all there is to do."""

from typing import Any

COLUMNS = """
    SELECT attname::text, format_type(atttypid, NULL), (
        SELECT confrelid::regclass::text FROM pg_constraint
        WHERE contype = 'f' AND conrelid = attrelid AND conkey = ARRAY[attnum]
    )
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid = '{}'::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull
      AND pg_attrdef.oid IS NULL AND attidentity = '' AND attgenerated = ''
"""
VALUES = {
    "text": "'a\tb\\c\\N\nd €'",
    "character varying": "'x'",
    "bigint": "1",
    "integer": "1",
    "smallint": "1",
    "boolean": "true",
    "double precision": "0.1",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "uuid": "gen_random_uuid()",
    "jsonb": '\'{"a": "\\\\u0041\\n"}\'',
    "bytea": "'\\x00ff5c'",
    "bigint[]": "'{1,2}'",
    "text[]": "'{a,NULL,\"b,c\"}'",
}
# By what rows are referred to.
KEYS = {"notification_settings": "user_id"}
# Where what a column may hold is told by a check.
GIVEN = {
    "code_changes": {"kind": "'commit'"},
    "deliveries": {"reason": "'assigned'", "way": "'inbox'"},
    "issue_watches": {"level": "'all'"},
    "mails": {"address": "'new@example.com'"},
    "post_reports": {"reason": "'spam'"},
    "reactions": {"feeling": "'+1'"},
}


def fill(ask: Any, tables: list[str]) -> None:
    """Those that refer to others come after them."""
    waiting = sorted(tables, reverse=True)  # matches of a watched view refer to two columns at once
    while waiting:
        left = [name for name in waiting if not is_filled(ask, name)]
        assert left != waiting, f"What do these refer to? {left}"
        waiting = left


def is_filled(ask: Any, table: str) -> bool:
    """Whether a row could be made: if not, one that it refers to is not there yet."""
    values = {}
    for column, kind, referred in ask(COLUMNS.format(table)):
        values[column] = f"(SELECT min({KEYS.get(referred, 'id')}) FROM {referred})" if referred else VALUES[kind]
        if referred and not ask(f"SELECT 1 FROM {referred} LIMIT 1"):
            return False
    values |= GIVEN.get(table, {})
    ask(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})")
    return True
