"""A mail to those who look after a hook that was switched off."""

from webapp.i18n import _
from webapp.i18n.retelling import again
from webapp.mail.composing import Letter, composes
from webapp.mail.rows import MailRow
from webapp.webhooks import repository


@composes("webhook_off")
def letter_of_end(mail: MailRow) -> Letter | None:
    """That it was, and why; to nobody who no longer looks after it."""
    hook = repository.whosever(mail.data["webhook"])
    if hook is None or hook.is_on or mail.reader.id not in repository.keepers(hook.project_id):
        return None
    place = f"/projects/{hook.project_id}/webhooks" if hook.project_id is not None else "/admin/webhooks"
    return Letter(
        {"host": hook.host, "because": again(hook.ended_by or ""), "path": f"{place}/{hook.id}"},
        why=_("You look after this webhook."),
    )
