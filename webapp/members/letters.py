"""Invitations as they go by mail."""

from webapp.errors import NotFound
from webapp.mail.composing import Letter, composes
from webapp.mail.rows import MailRow
from webapp.members import inviting


@composes("invitation", is_secret=True, is_own=True)
def letter_of_invitation(mail: MailRow) -> Letter | None:
    """Who invites to what, as long as that holds."""
    token = mail.data.get("token", "")
    try:
        invitation = inviting.get(token)
    except NotFound:
        return None
    return Letter(
        {"invitation": invitation, "path": f"/invitations/{token}"},
        why=f"You get this because {invitation.invited_by.name} gave your address.",
    )
