"""Mails about what is asked at a login beside the password, to whose account it is."""

from webapp.i18n import N_, _
from webapp.mail.composing import Letter, composes
from webapp.mail.rows import MailRow

WHY = N_("You get this because it is about your account.")
# By what happened: the subject, and what is said first.
TOLD = {
    "app_added": (
        N_("An authenticator app was set up"),
        N_("An authenticator app was set up for your account at Cairn."),
    ),
    "app_removed": (
        N_("Your authenticator app was removed"),
        N_("The authenticator app of your account at Cairn was removed."),
    ),
    "passkey_added": (N_("A passkey was added"), N_("A passkey was added to your account at Cairn.")),
    "passkey_removed": (N_("A passkey was removed"), N_("A passkey of your account at Cairn was removed.")),
    "codes_renewed": (
        N_("You have new recovery codes"),
        N_("New recovery codes were made for your account at Cairn. The former ones are worth nothing any more."),
    ),
    "code_used": (N_("A recovery code was used"), N_("A recovery code of your account at Cairn was used.")),
    "reset": (
        N_("Your second factor was removed"),
        N_("Whoever runs this Cairn removed your second factor: your password alone lets you in again."),
    ),
}


@composes("factor", is_own=True)
def letter_of_factor(mail: MailRow) -> Letter:
    """That another thing is asked for at a login since, or that a recovery code was used."""
    subject, said = TOLD[mail.data["what"]]
    values = {"at": mail.created_at, "subject": _(subject), "said": _(said), "left": mail.data.get("left")}
    return Letter(values, why=_(WHY))
