"""What the API document says of a request: its parameters and its body."""

from typing import Any

from pydantic import BaseModel
from werkzeug.routing import Rule

from webapp.http.converters import OURS
from webapp.http.feature import Operation
from webapp.http.openapi.definitions import Schemas

TOKEN_URL, REFRESH_URL = "/auth/login", "/auth/refresh"
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A text of the client's own for this one creation: sent again with it, nothing is created again.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
# Without a pattern: HTTP wants a condition that cannot be read to be ignored, not refused.
TAG = {"type": "string", "examples": ['"3"']}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The version that this is about, as its ETag has it: when it is at another one, 412.",
    "schema": TAG,
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of an answer that you have: while it is as it was, 304.",
    "schema": TAG,
}
UPLOAD = {
    "type": "object",
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
    "required": ["file"],
}


def parameters(
    rule: Rule, operation: Operation, schemas: Schemas, *, versioned: bool, tagged: bool
) -> list[dict[str, Any]]:
    """Those in the address, in the query and in the header.

    `versioned`: of a thing that has a version. `tagged`: a read that has an ETag.
    """
    listed = [_in_path(rule, name) for name in sorted(rule.arguments)]
    for name, (field, required) in (schemas.fields(operation.query) if operation.query else {}).items():
        listed.append({"name": name, "in": "query", "required": required, "schema": _or_blank(field)})
    if operation.is_replayable:
        listed.append(KEY)
    if versioned:
        listed.append(IF_MATCH)
    if tagged:
        listed.append(IF_NONE_MATCH)
    return listed


def _or_blank(field: dict[str, Any]) -> dict[str, Any]:
    """What stands in a query may be blank, as an empty field of a form is: it is as if it was not there."""
    told = {name: value for name, value in field.items() if name not in ("minLength", "pattern")}
    return {**told, "anyOf": [_or_blank(one) for one in told["anyOf"]]} if "anyOf" in told else told


def body(operation: Operation, schemas: Schemas) -> dict[str, Any] | None:
    """What may be sent, with an example that works; None where nothing is."""
    if operation.upload:
        return {"required": True, "content": {"multipart/form-data": {"schema": UPLOAD}}}
    if operation.body is None:
        return None
    needed = any(field.is_required() for field in operation.body.model_fields.values())
    media = {"schema": schemas.of_input(operation.body), "example": _example(operation.body)}
    return {"required": needed, "content": {"application/json": media}}


def _example(model: type[BaseModel]) -> Any:
    """What /docs fills in beforehand: the least that does something, not every field with a word of no meaning."""
    extra: Any = model.model_config.get("json_schema_extra") or {}
    return extra.get("examples", [{}])[0]


def _in_path(rule: Rule, name: str) -> dict[str, Any]:
    converter = rule._converters[name]
    assert isinstance(converter, OURS)
    parameter = {"name": name, "in": "path", "required": True, "schema": converter.schema}
    return {**parameter, "example": converter.schema["examples"][0]} if "examples" in converter.schema else parameter
