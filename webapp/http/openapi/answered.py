"""What the API document says of the answers."""

from typing import Any

from werkzeug.routing import Rule

from webapp.http.feature import Operation
from webapp.http.openapi.definitions import Schemas
from webapp.http.problems import Problem

DESCRIPTIONS = {
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


def responses(rule: Rule, operation: Operation, schemas: Schemas, *, versioned: bool, tagged: bool) -> dict[str, Any]:
    """By status: what it answers when all is well, and what may go wrong."""
    problem = {"application/problem+json": {"schema": schemas.of_output(Problem)}}
    return {
        _success(operation): _succeeded(operation, schemas),
        **({"304": {"description": "As it was"}} if tagged else {}),
        **{str(status): _failed(status, problem) for status in _failures(rule, operation, versioned=versioned)},
    }


def _failed(status: int, problem: dict[str, Any]) -> dict[str, Any]:
    """A problem; but an overlong address is refused by the server itself, before Cairn."""
    return {"description": DESCRIPTIONS[status], **({} if status == 414 else {"content": problem})}


def _success(operation: Operation) -> str:
    if not operation.answers:
        return "204"
    if operation.later:
        return "202"
    return "201" if operation.creates else "200"


def _succeeded(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    if not operation.answers:
        return {"description": "Done"}
    if operation.returns is bytes:
        return {"description": "The file", "content": {operation.media or "application/octet-stream": {}}}
    response: dict[str, Any] = {
        "description": "Created" if operation.creates else "Accepted" if operation.later else "OK",
        "content": {"application/json": {"schema": schemas.of_output(operation.returns)}},
    }
    if operation.creates:
        response["headers"] = {"Location": {"schema": {"type": "string"}, "description": "Where it is."}}
    if operation.is_replayable:
        response["headers"]["Idempotent-Replayed"] = {
            "schema": {"const": "true"},
            "description": "This is the answer that the first request with this key was given.",
        }
    return response


def _failures(rule: Rule, operation: Operation, *, versioned: bool) -> list[int]:
    statuses = {503} if operation.anonymous else {503, 401, 403}
    may = (
        (operation.query, {414, 422}),
        (operation.is_replayable, {400, 409, 422}),
        (operation.method != "GET", {403, 409}),
        (operation.later, {401, 413}),
        (operation.body, {400, 409, 413, 415, 422}),
        (versioned, {412}),
    )
    statuses.update(*(failures for when, failures in may if when), _failures_of_absence(rule, operation))
    return sorted(statuses | _failures_of_haste(operation) | _failures_with_files(operation))


def _failures_of_absence(rule: Rule, operation: Operation) -> set[int]:
    statuses = set()
    asked = set(operation.query.model_fields) if operation.query else set()
    sent = set(operation.body.model_fields) if operation.body else set()
    if rule.arguments or operation.method == "DELETE" or "project" in asked or "change" in sent:
        statuses.add(404)
    if rule.arguments & {"number", "token"} or "number" in sent:
        statuses.add(410)
    return statuses


def _failures_of_haste(operation: Operation) -> set[int]:
    if operation.anonymous or operation.throttled:
        return {401, 429}
    return {429} if operation.spends else set()


def _failures_with_files(operation: Operation) -> set[int]:
    if operation.upload:
        return {400, 413, 422, 429}
    return {416} if operation.returns is bytes and not operation.media else set()
