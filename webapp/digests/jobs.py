"""What the worker does for digests."""

from webapp.digests import service
from webapp.jobs.tasks import periodic


@periodic("post_digests", every=300)
def post_digests() -> None:
    """Post the digests whose hour has come."""
    service.post_due()
