"""The OpenAPI 3.1 document, from the same operations that answer the requests."""

import inspect
import re
from typing import Any

from flask import Flask
from pydantic import BaseModel
from werkzeug.routing import Rule

from webapp.http import scopes
from webapp.http.feature import Operation
from webapp.http.openapi.answered import responses
from webapp.http.openapi.asked import body, parameters
from webapp.http.openapi.definitions import Schemas
from webapp.http.templating import VERSION


def document(app: Flask) -> dict[str, Any]:
    """The whole description of the API, as JSON values."""
    operations = sorted(_operations(app), key=lambda one: (one[0].rule, one[1].method))
    schemas = Schemas([operation for _, operation in operations])
    versioned = {
        rule.rule for rule, operation in operations if operation.method == "GET" and _tells(operation, "version")
    }
    paths: dict[str, dict[str, Any]] = {}
    for rule, operation in operations:
        address = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        paths.setdefault(address, {})[operation.method.lower()] = _described(
            rule, operation, schemas, versioned=_heeds_version(rule, operation, versioned)
        )
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
                "personal": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "cairn_pat_",
                    "description": "A personal access token: make it at /auth/tokens, for read, write or admin.",
                },
                "password": {
                    "type": "oauth2",
                    "description": "A token for an e-mail address and its password, which OAuth 2 sends as a form.",
                    "flows": {"password": {"tokenUrl": "/auth/login", "refreshUrl": "/auth/refresh", "scopes": {}}},
                },
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": app.config["JWT_ACCESS_COOKIE_NAME"],
                    "description": "Writes also need the X-CSRF-TOKEN header.",
                },
            },
        },
    }


def _operations(app: Flask) -> list[tuple[Rule, Operation]]:
    """What JSON clients can call: not the addresses that only pages have."""
    operations = []
    for rule in app.url_map.iter_rules():
        operation = getattr(app.view_functions[rule.endpoint], "operation", None)
        if operation and not operation.page_only and operation.method in (rule.methods or ()):
            operations.append((rule, operation))
    return operations


def _described(rule: Rule, operation: Operation, schemas: Schemas, *, versioned: bool) -> dict[str, Any]:
    said = inspect.getdoc(operation.view) or ""
    summary, _, rest = said.partition("\n")
    feature, _, view = rule.endpoint.partition(".")
    tagged = operation.method == "GET" and (versioned or _tells(operation, "items"))
    described: dict[str, Any] = {
        "operationId": f"{feature}_{_name(view, operation)}",
        "tags": [feature],
        "summary": summary,
        "parameters": parameters(rule, operation, schemas, versioned=versioned, tagged=tagged),
        "responses": responses(rule, operation, schemas, versioned=versioned, tagged=tagged),
    }
    if rest.strip():
        described["description"] = rest.strip()
    described["security"] = [] if operation.anonymous else _ways_in(rule, operation)
    if operation.method == "GET":
        described["security"].append({})
    if sent := body(operation, schemas):
        described["requestBody"] = sent
    return described


def _ways_in(rule: Rule, operation: Operation) -> list[dict[str, list[str]]]:
    """By what somebody may ask for it; the scope that a personal access token needs stands with that."""
    ways: list[dict[str, list[str]]] = [{"bearer": []}, {"password": []}, {"cookie": []}]
    scope = scopes.needed(rule.endpoint, operation.method)
    return [*ways, {"personal": [scope.value]}] if scope else ways


def _name(view: str, operation: Operation) -> str:
    """What a client that is generated calls a view: those that most features have as everybody does."""
    names = {"index": "list" if _tells(operation, "items") else "get", "show": "get", "remove": "delete"}
    return names.get(view, view)


def _heeds_version(rule: Rule, operation: Operation, versioned: set[str]) -> bool:
    """Whether If-Match is a condition: a change says it in its body else, a thing that has a version has an ETag."""
    if operation.body is not None and "version" in operation.body.model_fields:
        return True
    return operation.method in ("GET", "DELETE") and rule.rule in versioned


def _tells(operation: Operation, field: str) -> bool:
    told = operation.returns
    return isinstance(told, type) and issubclass(told, BaseModel) and field in told.model_fields
