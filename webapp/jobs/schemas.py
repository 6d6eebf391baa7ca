from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from webapp.types import Cursor, In, Limit, Out

State = Literal["ready", "running", "dead"]


class JobQuery(In):
    state: Annotated[State | None, Field(description="Only those that wait, run, or were given up.")] = None
    limit: Limit = 50
    cursor: Cursor | None = None


class JobOut(Out):
    id: int
    task: Annotated[str, Field(description="What is to be done.")]
    args: Annotated[dict[str, Any], Field(description="With what.")]
    state: Annotated[State, Field(description="`dead` is given up, after as many tries as it may have.")]
    tries: int
    attempts: Annotated[int, Field(description="How often it is tried at most.")]
    run_at: Annotated[datetime, Field(description="When it is to be tried.")]
    tried_at: Annotated[datetime | None, Field(description="When it was tried last.")]
    error: Annotated[str | None, Field(description="Why it did not succeed then.")]
    created_at: datetime
