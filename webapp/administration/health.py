"""How this installation is: what it runs on, what is wrong with it, and how it is set up."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.access import Viewer, require_administrator
from webapp.administration import release, repository
from webapp.administration.rows import Running, Storage
from webapp.backups import service as backups
from webapp.backups.lately import Latest
from webapp.config import of_this_app, stored
from webapp.config.told import Told, told
from webapp.db import release as let_go
from webapp.doctor import service as doctor
from webapp.errors import Conflict
from webapp.i18n import N_, _
from webapp.jobs import service as jobs
from webapp.jobs.rows import Backlog
from webapp.mail import service as mail
from webapp.ops import service as ops
from webapp.ops.checking import Finding

REFUSAL = N_("Only administrators see how this Cairn is set up.")


@dataclass(frozen=True, slots=True)
class Health:
    """How an installation is; `newest` is the migration that the code has."""

    release: str
    newest: str | None
    storage: Storage
    running: Running
    backup: Latest | None
    backups_folder: str | None
    jobs: Backlog
    findings: Sequence[Finding]
    settings: Sequence[Told]
    sends_mail: bool


def health(by: Viewer) -> Health:
    """All of it. Raises Forbidden for who is no administrator."""
    require_administrator(by, _(REFUSAL))
    settings = of_this_app()
    return Health(
        release.version(),
        ops.head(),
        repository.storage(),
        repository.running(),
        backups.last(),
        str(settings.backup_folder) if settings.backup_folder is not None else None,
        jobs.backlog(),
        doctor.known(),
        told(settings, stored=stored.stored()),
        sends_mail=mail.is_configured(),
    )


def require_mail(by: Viewer) -> None:
    """Go on only if `by` may try how mail is sent, and let the database go: none of its connections waits for that.

    Raises Forbidden, and Conflict where no mail is sent.
    """
    require_administrator(by, _(REFUSAL))
    if not mail.is_configured():
        raise Conflict(_("This Cairn sends no mail. To change that, an administrator sets MAIL_URL."))
    let_go()
