"""Mails about logins elsewhere, to whose account they let in."""

from webapp.config import of_this_app
from webapp.i18n import N_, _
from webapp.mail.composing import Letter, composes
from webapp.mail.rows import MailRow

WHY = N_("You get this because it is about your account.")
# By what happened: the subject, and what is said first.
TOLD = {
    "linked": (
        N_("A login at %(label)s was linked"),
        N_("A login at %(label)s was linked with your account at Cairn, and lets in whoever has it."),
    ),
    "unlinked": (
        N_("A login at %(label)s is not linked any more"),
        N_("A login at %(label)s lets nobody in to your account at Cairn any more."),
    ),
}


@composes("identity", is_own=True)
def letter_of_identity(mail: MailRow) -> Letter:
    """That another login elsewhere lets in since, or one no longer."""
    provider = mail.data["provider"]
    label = next((one.label for one in of_this_app().rules if one.id == provider), provider)
    subject, said = TOLD[mail.data["what"]]
    values = {"at": mail.created_at, "subject": _(subject, label=label), "said": _(said, label=label)}
    return Letter(values, why=_(WHY))
