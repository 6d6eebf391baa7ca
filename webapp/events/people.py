"""Whom old events name, once two accounts have become one."""

from sqlalchemy import TextClause, text

from webapp.db import db


def replace_person(gone_id: int, kept_id: int) -> None:
    """Let what events tell of one person be told of another: both are one now. Names stay what they were then."""
    values = {"gone": gone_id, "kept": kept_id}
    for key in ("added_ids", "removed_ids"):
        db.session.execute(_in_ids(key), values)
    for side in ("left_behind", "again"):
        db.session.execute(_in_refs(side), values)


def _in_ids(key: str) -> TextClause:
    """In those that name people by ids beside their names."""
    return text(f"""
        UPDATE events SET data = jsonb_set(data, '{{{key}}}', (
            SELECT jsonb_agg(
                CASE WHEN one = to_jsonb(CAST(:gone AS bigint)) THEN to_jsonb(CAST(:kept AS bigint)) ELSE one END
                ORDER BY place
            ) FROM jsonb_array_elements(data -> '{key}') WITH ORDINALITY AS each(one, place)
        ))
        WHERE kind = 'assigned' AND data -> '{key}' @> to_jsonb(CAST(:gone AS bigint))
    """)  # noqa: S608  the key is a word of the program


def _in_refs(side: str) -> TextClause:
    """In those of issues that went elsewhere, which name whom they left behind or have again."""
    return text(f"""
        UPDATE events SET data = jsonb_set(data, '{{{side},assignees}}', (
            SELECT jsonb_agg(
                CASE WHEN one -> 'id' = to_jsonb(CAST(:gone AS bigint))
                THEN jsonb_set(one, '{{id}}', to_jsonb(CAST(:kept AS bigint))) ELSE one END
                ORDER BY place
            ) FROM jsonb_array_elements(data #> '{{{side},assignees}}') WITH ORDINALITY AS each(one, place)
        ))
        WHERE kind = 'moved'
        AND data #> '{{{side},assignees}}' @> jsonb_build_array(jsonb_build_object('id', CAST(:gone AS bigint)))
    """)  # noqa: S608  the side is a word of the program
