"""Full text knows the signs of names, emoji, and the parts of words such as `getUserName`.

`webapp/text/words.py` says the same, and a test compares them. The documents that are there are written anew after
this, some at a time, by whoever prepares the database: here all of them would stay locked until the end.
"""

from typing import Any

from alembic import op

revision = "0036"
down_revision = "0035"

MARKS = (
    r"[\u00AD\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F"
    r"\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF"
    r"\u061C\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF"
    r"\U0001F3FB-\U0001F3FF\U000E0000-\U000E007F]"
)
SEPARATORS = (
    r"[\u0005-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u00D7\u00F7"
    r"\u02C2-\u02DF\u037E\u0387\u055A-\u055F\u0589\u058A\u05BE\u05C0\u05C3\u05F3\u05F4\u060C\u061B\u061F"
    r"\u066A-\u066D\u06D4\u0964\u0965\u0E3F\u0E4F\u0E5A\u0E5B\u1361-\u1368\u1400\u166D\u166E\u1680\u1800-\u180A"
    r"\u2000-\u206F\u20A0-\u20CF\u2190-\u2319\u231C-\u23E8\u23FB-\u25FF\u27C0-\u2B1A\u2B1D-\u2B4F\u2B51-\u2B54"
    r"\u2B56-\u2BFF\u2E00-\u2E7F\u3000-\u3004\u3008-\u3020\u3030\u303D\u30A0\u30FB"
    r"\uE000-\uF8FF\uFE10-\uFE1F\uFE30-\uFE6F\uFEFF\uFFF0-\uFFFF\U000E0080-\U0010FFFF]+"
)
ALONE = (
    r"([\u0E01-\u0E3A\u0E40-\u0E4E\u0E50-\u0E59\u0E81-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF"
    r"\u3005-\u3007\u3021-\u302F\u3031-\u303C\u303E-\u309F\u30A1-\u30FA\u30FC-\u4DBF\u4E00-\u9FFF\uAC00-\uD7FF"
    r"\uF900-\uFAFF\U00020000-\U0003FFFF"
    r"\u231A\u231B\u23E9-\u23FA\u2600-\u27BF\u2B1B\u2B1C\u2B50\u2B55\U0001F000-\U0001FAFF])"
)
# What has parts or signs. Looked for first, as most texts have none of it, and a look takes no copy.
NAMED = r"[a-z][A-Z]|[0-9][A-Z][a-z]|[A-Z][A-Z][a-z][a-z]|[A-Za-z](\+\+|#)|\.[Nn][Ee][Tt]"
HUMPS = "(?<=[a-z])(?=[A-Z])|(?<=[0-9])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z]{2})"
SIGNED = r"[a-z](\+\+|#)|\.net"
# While a text is taken apart, other characters stand for `|+#.`: they are taken out of it before.
HIDDEN, SHOWN = r"E'\x01\x02\x03\x04'", "'|+#.'"
WORDS = rf"""
CREATE OR REPLACE FUNCTION search_words(source text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
    SELECT CASE
        WHEN octet_length(source) <> length(source) THEN search_words_of_any_script(source)
        WHEN source COLLATE "C" ~ '{NAMED}'
        THEN search_names(search_humps(translate(source, {HIDDEN}, '    ')), '[^a-z0-9\x01-\x04]+')
        ELSE btrim(regexp_replace(lower(source COLLATE "C"), '[^a-z0-9]+' COLLATE "C", ' ', 'g'))
    END
$body$;
"""
PARTS = rf"""
CREATE FUNCTION search_humps(source text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
BEGIN
    RETURN regexp_replace(source COLLATE "C", '{HUMPS}', E'\x01', 'g');
END
$body$;
CREATE FUNCTION search_names(source text, separators text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
DECLARE
    plain text COLLATE "C" := lower(source COLLATE "C");
BEGIN
    IF plain ~ '{SIGNED}' THEN
        plain := regexp_replace(plain, '(?<=[a-z])\+\+', E'\x02\x02 ', 'g');
        plain := regexp_replace(plain, '(?<=[a-z])#(?![a-z0-9])', E'\x03', 'g');
        plain := regexp_replace(plain, '\.net(?![a-z0-9])', E' \x04net', 'g');
    END IF;
    RETURN translate(btrim(regexp_replace(plain, separators, ' ', 'g')), {HIDDEN}, {SHOWN});
END
$body$;
"""
# By what a word is found: whole, by each of its parts, and with and without its signs; all of it in one place.
PART = r"""
CREATE FUNCTION search_forms(word text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
    SELECT form
    FROM (
        SELECT replace(word, '|', '')
        UNION ALL
        SELECT part FROM string_to_table(word, '|') AS part WHERE strpos(word, '|') > 0 AND length(part) > 1
    ) AS each(one), LATERAL (VALUES (one), (btrim(one, '+#.'))) AS both_ways(form)
$body$;
CREATE OR REPLACE FUNCTION search_part(words text, weight text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
BEGIN
    IF words = '' THEN
        RETURN ''::tsvector;
    END IF;
    IF words !~ '[|+#.]' THEN
        RETURN (
            SELECT coalesce(string_agg(left(word, 64) || ':' || least(place + 1, 16383) || weight, ' '), '')::tsvector
            FROM string_to_table(words, ' ') WITH ORDINALITY AS each(word, place)
            WHERE word <> ''
        );
    END IF;
    RETURN (
        SELECT coalesce(string_agg(left(form, 64) || ':' || least(place + 1, 16383) || weight, ' '), '')::tsvector
        FROM (
            SELECT word, place
            FROM string_to_table(words, ' ') WITH ORDINALITY AS each(word, place)
            WHERE word <> '' AND word !~ '[|+#.]'
            UNION ALL
            SELECT forms.form, place
            FROM string_to_table(words, ' ') WITH ORDINALITY AS each(word, place), search_forms(word) AS forms(form)
            WHERE word ~ '[|+#.]'
        ) AS found(form, place)
    );
END
$body$;
"""
DROPS = """
DROP FUNCTION search_forms(text);
DROP FUNCTION search_names(text, text);
DROP FUNCTION search_humps(text);
COMMENT ON FUNCTION search_words(text) IS NULL;
"""


def upgrade() -> None:
    run = op.get_bind().exec_driver_sql
    for statement in (PARTS, PART, _any_script(), WORDS):
        run(statement)
    # Read by `documents.catch_up`.
    run("COMMENT ON FUNCTION search_words(text) IS 'documents behind after 0'")


def downgrade() -> None:
    """Documents keep what they have: a word more is no fault."""
    run = op.get_bind().exec_driver_sql
    first, writes = _module("0016"), _module("0032")
    for statement in (first.ANY_SCRIPT, first.WORDS):
        run(statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    run(writes.PART)
    run(DROPS)


def _any_script() -> str:
    """The same function, but that it hides and finds parts and signs on its way."""
    first = _module("0016")
    function = first.ANY_SCRIPT.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    function = function.replace(first.ALONE, ALONE)
    for old, new in (
        (
            f"""lower(regexp_replace(normalize(source, NFKD), '{first.MARKS}', '', 'g') COLLATE "C")""",
            f"""lower(search_humps(regexp_replace(
        normalize(translate(source, {HIDDEN}, '    '), NFKD), '{MARKS}', '', 'g'
    )) COLLATE "C")""",
        ),
        (
            f"btrim(regexp_replace(plain, '{first.SEPARATORS}', ' ', 'g'))",
            f"search_names(plain, '{SEPARATORS}')",
        ),
    ):
        if old not in function:
            raise ValueError("The function that this builds on is another.")
        function = function.replace(old, new)
    return str(function)


def _module(revision: str) -> Any:
    """The migration that made what this one changes."""
    script = op.get_context().script
    if script is None:
        raise LookupError("There are no migrations here.")
    return script.get_revision(revision).module
