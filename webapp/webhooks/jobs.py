"""What the worker does for hooks."""

from webapp.hearing.listening import listeners
from webapp.history.copies import keepers
from webapp.jobs.tasks import periodic, task
from webapp.webhooks import sending
from webapp.webhooks import service as webhooks

listeners.append(webhooks.hear)
keepers.append(webhooks.erase)


@task(sending.TASK, lane="webhooks", given_up=sending.give_up, revived=sending.revive)
def deliver_webhook(id: int) -> None:
    """Send a delivery, if it still waits."""
    sending.send(id)


@periodic("clear_webhook_deliveries", every=86_400)
def clear_webhook_deliveries() -> None:
    """Forget old deliveries."""
    while webhooks.clear():
        pass
