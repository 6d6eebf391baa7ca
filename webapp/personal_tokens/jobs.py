"""What the worker does for personal access tokens."""

from webapp.jobs.tasks import periodic
from webapp.personal_tokens import service


@periodic("warn_of_ending_tokens", every=3600)
def warn_of_ending_tokens() -> None:
    """Tell people whose tokens end within a week, before their programs stand still."""
    service.warn()


@periodic("clear_tokens", every=86_400)
def clear_tokens() -> None:
    """Forget tokens that are over."""
    service.clear()
