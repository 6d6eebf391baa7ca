"""What the worker does for each change."""

from uuid import UUID

from webapp.hearing import listening, reporting, service
from webapp.jobs.tasks import periodic, task


@task("hear")
def hear(change: str, after: int = 0) -> None:
    """Tell people of a change, and whoever else listens for it; or people of what is left of a change of many."""
    if after:
        service.hear(UUID(change), after)
    else:
        listening.tell(UUID(change), service.hear)


@periodic("clear_deliveries", every=86_400)
def clear_deliveries() -> None:
    """Forget what people were told long ago."""
    while reporting.clear():
        pass
