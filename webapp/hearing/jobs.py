"""What the worker does for each change."""

from uuid import UUID

from webapp.hearing import listening, service
from webapp.jobs.tasks import task


@task("hear")
def hear(change: str) -> None:
    """Tell people of a change, and whoever else listens for it."""
    listening.tell(UUID(change), service.hear)
