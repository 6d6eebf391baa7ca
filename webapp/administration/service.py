"""What administrators look after. Each number is that of the feature whose page shows what it counts."""

from webapp.access import Viewer, require_administrator
from webapp.administration.rows import Needs
from webapp.i18n import _
from webapp.jobs import service as jobs
from webapp.mail_in import service as mail_in
from webapp.webhooks import service as webhooks


def needs(by: Viewer) -> Needs:
    """How much needs somebody. Raises Forbidden for who is no administrator."""
    require_administrator(by, _("Only administrators look after all of Cairn."))
    return Needs(jobs.backlog().dead, webhooks.ended_number(), mail_in.held_in())
