"""What the worker does for links in mails."""

from webapp.jobs.tasks import periodic
from webapp.links import holding


@periodic("clear_links", every=3600)
def clear_links() -> None:
    """Forget links that are over, and what was asked for with them."""
    holding.clear()
