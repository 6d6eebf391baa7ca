"""The schemas of the API document: those of all operations, each under one name."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from webapp.http.feature import Operation
from webapp.http.problems import Problem

REF = "#/components/schemas/{model}"


class _Generator(GenerateJsonSchema):
    """Leaves out a default of None: it means absent, but a client that is generated would send the null."""

    def normalize_name(self, name: str) -> str:
        """A list is called by what is in it, as its title is: CommentList."""
        return super().normalize_name(re.sub(r"Slice\[(\w+?)(?:Out|Item)?\]", r"\1List", name))

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        described = super().default_schema(schema)
        if described.get("default", ...) is None:
            del described["default"]
        return described


Wanted = tuple[Any, tuple[Any, Any, TypeAdapter[Any]]]


def _out(kind: Any) -> Wanted:
    return ("out", kind), (("out", kind), "serialization", TypeAdapter(kind))


def _wanted(operation: Operation) -> Iterator[Wanted]:
    """What the operation takes and gives, each by its key."""
    for kind in (operation.body, operation.query):
        if kind:
            yield ("in", kind), (("in", kind), "validation", TypeAdapter(kind))
    if operation.answers and operation.returns is not bytes:
        yield _out(operation.returns)


class Schemas:
    """The schemas of all operations, each under one name."""

    def __init__(self, operations: list[Operation]) -> None:
        once = list(dict([_out(Problem), *(pair for one in operations for pair in _wanted(one))]).values())
        self._refs, definitions = TypeAdapter.json_schemas(once, ref_template=REF, schema_generator=_Generator)
        self._all: dict[str, Any] = definitions.get("$defs", {})
        self._queries = {operation.query.__name__ for operation in operations if operation.query}
        for operation in operations:
            if operation.body:
                _tell_defaults(self._all[operation.body.__name__])

    @property
    def definitions(self) -> dict[str, Any]:
        """Those that others refer to: a query is told by its parameters."""
        return {name: definition for name, definition in self._all.items() if name not in self._queries}

    def of_input(self, model: type[BaseModel]) -> dict[str, Any]:
        return self._refs[("in", model), "validation"]

    def of_output(self, model: Any) -> dict[str, Any]:
        return self._refs[("out", model), "serialization"]

    def fields(self, model: type[BaseModel]) -> dict[str, Any]:
        """A query model's properties, each with whether it is required."""
        schema = self.of_input(model)
        if "$ref" in schema:
            schema = self._all[schema["$ref"].rsplit("/", 1)[1]]
        return {name: (field, name in schema.get("required", ())) for name, field in schema["properties"].items()}


def _tell_defaults(body: dict[str, Any]) -> None:
    """Tell in words what holds for a field that is left out: some generators demand every field with a default."""
    for field in body["properties"].values():
        default = field.pop("default", None)
        if default:
            field["description"] = f"{field.get('description', '')} Unless said: `{default}`.".strip()
