from typing import Annotated

from pydantic import Field

from webapp.types import Out


class HeldInOut(Out):
    project: Annotated[str, Field(description="Its key: they are decided under `/projects/<project>/mail`.")]
    name: str
    number: int


class AdministrationOut(Out):
    dead_jobs: Annotated[
        int, Field(description="Jobs that were given up, counted up to 1,001: `/admin/jobs?state=dead`.")
    ]
    ended_webhooks: Annotated[
        int, Field(description="Webhooks of all projects that were switched off as they failed: `/admin/webhooks`.")
    ]
    held_mails: Annotated[int, Field(description="Mails that wait for somebody who looks after a project.")]
    held_in: Annotated[list[HeldInOut], Field(description="Of which projects, those with most first, 100 at most.")]
