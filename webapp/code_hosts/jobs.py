"""What the worker does with what code hosts sent."""

from webapp.code_hosts import service as code_hosts
from webapp.code_hosts import taking
from webapp.jobs.tasks import periodic, task


@task("take_code")
def take_code(id: int) -> None:
    """Let what a host sent stand in timelines, and close what it fixes."""
    taking.take(id)


@periodic("clear_code_deliveries", every=86_400)
def clear_code_deliveries() -> None:
    """Forget what came long ago."""
    while code_hosts.clear():
        pass
