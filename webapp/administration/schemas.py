from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from webapp.config.told import Origin
from webapp.types import UNSET, In, Out, clean, example


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


class StorageOut(Out):
    postgres: Annotated[str, Field(description="The version of PostgreSQL.")]
    migration: str | None
    database: Annotated[int, Field(description="Bytes of the database, with its indexes.")]
    files: int
    bytes: Annotated[int, Field(description="Of all files, as they were uploaded.")]


class RunningOut(Out):
    worker_at: Annotated[datetime | None, Field(description="When a worker last began what comes round by itself.")]
    failing_webhooks: int
    ended_webhooks: Annotated[int, Field(description="Switched off, as they failed for long.")]


class BackupOut(Out):
    name: str
    made_at: datetime
    bytes: int
    rehearsed_at: Annotated[
        datetime | None, Field(description="When it was restored to try it: `flask restore --rehearse`.")
    ]


class BacklogOut(Out):
    due: Annotated[int, Field(description="Counted up to 1,001, as those that were given up.")]
    waits_since: datetime | None
    dead: int


class FindingOut(Out):
    level: Literal["error", "warning"]
    code: str
    said: str


class SettingOut(Out):
    name: str
    value: Annotated[str | None, Field(description="None for what is not set, and for secrets in any case.")]
    is_secret: bool
    origin: Annotated[
        Origin,
        Field(
            description="`file` is one that NAME_FILE names, `dotenv` is `.env`, `database` what was changed here."
        ),
    ]


def _cleaned(value: Any) -> Any:
    """An empty field of a form says nothing."""
    return (clean(value) or None) if isinstance(value, str) else value


Value = Annotated[Annotated[str, Field(max_length=20)] | None, BeforeValidator(_cleaned)]
_STATED = Field(description="As the environment says it, as text; null takes back what was changed.")


class SettingsEdit(In, json_schema_extra=example(registration="closed")):
    """What is sent is changed. What is allowed is what the environment allows."""

    approve_first_posts: Annotated[Value, _STATED] = UNSET
    audit_days: Annotated[Value, _STATED] = UNSET
    backup_hour: Annotated[Value, _STATED] = UNSET
    backup_keep: Annotated[Value, _STATED] = UNSET
    limit_factor: Annotated[Value, _STATED] = UNSET
    registration: Annotated[Value, _STATED] = UNSET
    require_second_factor: Annotated[Value, _STATED] = UNSET


class HealthOut(Out):
    release: str
    newest: Annotated[str | None, Field(description="The migration that this code has.")]
    storage: StorageOut
    running: RunningOut
    backup: Annotated[BackupOut | None, Field(description="The newest that the worker made, where it can be seen.")]
    backups_folder: Annotated[str | None, Field(description="Null where there are to be no daily backups.")]
    jobs: BacklogOut
    findings: Annotated[
        list[FindingOut], Field(description="As `flask doctor` tells them, without what it asks of others.")
    ]
    settings: list[SettingOut]
    sends_mail: bool


class MailTestIn(In):
    model_config = ConfigDict(json_schema_extra=example(address="ada@example.org"))

    address: Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=320)]


class MailTestOut(Out):
    answer: Annotated[str, Field(description="What the server said, or where the mail lies if there is none.")]
