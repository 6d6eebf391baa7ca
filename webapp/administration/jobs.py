from webapp.audit import service as audit
from webapp.jobs.tasks import periodic
from webapp.settings import service as settings


@periodic("clear_audit_records", every=3600)
def clear_audit_records() -> None:
    """Delete some of what was noted longer ago than AUDIT_DAYS."""
    settings.refresh()
    audit.clear()
