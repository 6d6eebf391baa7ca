from uuid import UUID

from pydantic import Field

from webapp.types import In


class UndoIn(In):
    change: UUID = Field(description="What the events of the save share as `change_id`.")
