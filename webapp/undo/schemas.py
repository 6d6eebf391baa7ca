from uuid import UUID

from pydantic import Field

from webapp.types import In, example


class UndoIn(In, json_schema_extra=example(change="0b4c3f52-1d8e-4a77-9c0d-6f2f3a1e5b90")):
    change: UUID = Field(description="What the events of the save share as `change_id`.")
