"""The OpenAPI 3.1 document, from the same operations that answer the requests."""

import inspect
import re
from typing import Any

from flask import Flask
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema
from werkzeug.routing import Rule

from webapp.http.converters import FilenameConverter, NumberConverter, ProjectConverter, TokenConverter
from webapp.http.feature import Operation
from webapp.http.problems import Problem
from webapp.http.templating import VERSION

REF = "#/components/schemas/{model}"
SAID = {
    400: "The request cannot be read",
    401: "Log in first",
    403: "Not allowed",
    404: "Not found, or not visible to you",
    409: "Changed meanwhile, taken, or something is in the way",
    410: "In the trash, or over",
    412: "If-Match names another version",
    413: "Too large",
    414: "The address is too long",
    415: "Neither JSON nor a form",
    416: "The file has no such range",
    422: "A field is wrong",
    429: "Too many attempts",
    503: "Not available; see Retry-After",
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A text of the client's own for this one creation: sent again with it, nothing is created again.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}

UPLOAD = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
                "required": ["file"],
            }
        }
    },
}


def document(app: Flask) -> dict[str, Any]:
    """The whole description of the API, as JSON values."""
    found = sorted(_operations(app), key=lambda one: (one[0].rule, one[1].method))
    schemas = _Schemas(found)
    paths: dict[str, dict[str, Any]] = {}
    for rule, operation in found:
        address = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        paths.setdefault(address, {})[operation.method.lower()] = _described(rule, operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Cairn",
            "version": VERSION,
            "description": "Every page of Cairn is also this API.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas.definitions,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": app.config["JWT_ACCESS_COOKIE_NAME"],
                    "description": "Writes also need the X-CSRF-TOKEN header.",
                },
            },
        },
    }


class _Generator(GenerateJsonSchema):
    """Leaves out the default of a field that may be absent but not null: None there only means absent."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        told = super().default_schema(schema)
        kinds = [told, *told.get("anyOf", ())]
        if told.get("default", ...) is None and not any(kind.get("type") == "null" for kind in kinds):
            del told["default"]
        return told


class _Schemas:
    """The schemas of all operations, each under one name."""

    def __init__(self, found: list[tuple[Rule, Operation]]) -> None:
        wanted: list[tuple[Any, Any, TypeAdapter[Any]]] = [(("out", Problem), "serialization", TypeAdapter(Problem))]
        for _, operation in found:
            if operation.body:
                wanted.append((("in", operation.body), "validation", TypeAdapter(operation.body)))
            if operation.query:
                wanted.append((("in", operation.query), "validation", TypeAdapter(operation.query)))
            if _answers(operation) and operation.returns is not bytes:
                wanted.append((("out", operation.returns), "serialization", TypeAdapter(operation.returns)))
        once = list({(key, mode): (key, mode, adapter) for key, mode, adapter in wanted}.values())
        self._refs, definitions = TypeAdapter.json_schemas(once, ref_template=REF, schema_generator=_Generator)
        self.definitions: dict[str, Any] = definitions.get("$defs", {})

    def of_input(self, model: type[BaseModel]) -> dict[str, Any]:
        return self._refs[("in", model), "validation"]

    def of_output(self, model: Any) -> dict[str, Any]:
        return self._refs[("out", model), "serialization"]

    def fields(self, model: type[BaseModel]) -> dict[str, Any]:
        """A query model's properties, each with whether it is required."""
        schema = self.of_input(model)
        if "$ref" in schema:
            schema = self.definitions[schema["$ref"].rsplit("/", 1)[1]]
        return {name: (field, name in schema.get("required", ())) for name, field in schema["properties"].items()}


def _operations(app: Flask) -> list[tuple[Rule, Operation]]:
    """What JSON clients can call: not the addresses that only pages have."""
    found = []
    for rule in app.url_map.iter_rules():
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        if operation and not operation.page_only and operation.method in (rule.methods or ()):
            found.append((rule, operation))
    return found


def _described(rule: Rule, operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    said = inspect.getdoc(operation.view) or ""
    summary, _, rest = said.partition("\n")
    described: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "_"),
        "tags": [rule.endpoint.partition(".")[0]],
        "summary": summary,
        "parameters": _parameters(rule, operation, schemas),
        "responses": _responses(rule, operation, schemas),
    }
    if rest.strip():
        described["description"] = rest.strip()
    described["security"] = [] if operation.anonymous else [{"bearer": []}, {"cookie": []}]
    if operation.method == "GET":
        described["security"].append({})
    if operation.upload:
        described["requestBody"] = UPLOAD
    elif operation.body and operation.method != "DELETE":
        schema = schemas.of_input(operation.body)
        needed = any(field.is_required() for field in operation.body.model_fields.values())
        described["requestBody"] = {"required": needed, "content": {"application/json": {"schema": schema}}}
    return described


def _parameters(rule: Rule, operation: Operation, schemas: _Schemas) -> list[dict[str, Any]]:
    found = []
    for name in sorted(rule.arguments):
        converter = rule._converters[name]
        assert isinstance(converter, FilenameConverter | NumberConverter | ProjectConverter | TokenConverter)
        found.append({"name": name, "in": "path", "required": True, "schema": converter.schema})
    for name, (field, required) in (schemas.fields(operation.query) if operation.query else {}).items():
        found.append({"name": name, "in": "query", "required": required, "schema": field})
    if operation.is_replayable:
        found.append(KEY)
    return found


def _responses(rule: Rule, operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": schemas.of_output(Problem)}}
    return {
        _success(operation): _succeeded(operation, schemas),
        **{str(status): _failed(status, problem) for status in _failures(rule, operation)},
    }


def _failed(status: int, problem: dict[str, Any]) -> dict[str, Any]:
    """A problem; but an overlong address is refused by the server itself, before Cairn."""
    return {"description": SAID[status], **({} if status == 414 else {"content": problem})}


def _success(operation: Operation) -> str:
    if not _answers(operation):
        return "204"
    return "201" if operation.creates else "200"


def _succeeded(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    if not _answers(operation):
        return {"description": "Done"}
    if operation.returns is bytes:
        return {"description": "The file", "content": {operation.media or "application/octet-stream": {}}}
    told: dict[str, Any] = {
        "description": "Created" if operation.creates else "OK",
        "content": {"application/json": {"schema": schemas.of_output(operation.returns)}},
    }
    if operation.creates:
        told["headers"] = {"Location": {"schema": {"type": "string"}, "description": "Where it is."}}
    if operation.is_replayable:
        told["headers"]["Idempotent-Replayed"] = {
            "schema": {"const": "true"},
            "description": "This is the answer that the first request with this key was given.",
        }
    return told


def _failures(rule: Rule, operation: Operation) -> list[int]:
    found = {503}
    if not operation.anonymous:
        found |= {401, 403}
    if rule.arguments or (operation.query and "project" in operation.query.model_fields):
        found.add(404)
    if rule.arguments & {"number", "token"}:
        found.add(410)
    if operation.query:
        found |= {414, 422}
    if operation.is_replayable:
        found |= {400, 409, 422}
    if operation.method != "GET":
        found |= {403}
    if operation.body:
        found |= {400, 409, 412, 413, 415, 422}
    if operation.method == "DELETE":
        found.add(412)
    return sorted(found | _failures_of_haste(operation) | _failures_with_files(operation))


def _failures_of_haste(operation: Operation) -> set[int]:
    if operation.anonymous or operation.throttled:
        return {401, 429}
    return {429} if operation.searches else set()


def _failures_with_files(operation: Operation) -> set[int]:
    if operation.upload:
        return {400, 413, 422, 429}
    return {416} if operation.returns is bytes and not operation.media else set()


def _answers(operation: Operation) -> bool:
    return operation.returns is not None and operation.returns is not type(None)
