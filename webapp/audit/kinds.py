"""What is noted, as one table: the word that stands in rows, JSON and the log, what people read, and what it tells.

The words of logins are those of OWASP's Logging Vocabulary. A new one is a line here, and a line where it happens.
"""

from enum import Enum

from webapp.i18n import pN_

# What a kind tells beside its time, its outcome, and where it came from.
ACTOR, TARGET, PROJECT, BEFORE, AFTER = "actor", "target", "project", "before", "after"


class Kind(Enum):
    """The word and the title of an act, and what is always told of it. Nobody need be known who fails to log in."""

    LOGIN_OK = "authn_login_ok", pN_("audit", "Logged in"), ACTOR, TARGET
    LOGIN_FAIL = "authn_login_fail", pN_("audit", "Login failed")
    LOGIN_LOCK = "authn_login_lock", pN_("audit", "Login made to wait")
    LOGOUT = "authn_logout", pN_("audit", "Logged out"), TARGET
    SIGN_IN_ENDED = "authn_session_end", pN_("audit", "Login ended"), ACTOR, TARGET
    OTHERS_ENDED = "authn_session_end_others", pN_("audit", "All other logins ended"), ACTOR, TARGET, AFTER
    ALL_ENDED = "authn_session_end_all", pN_("audit", "All logins and tokens ended by an administrator"), TARGET
    TOKEN_REUSE = "authn_token_reuse", pN_("audit", "Refresh token used twice"), TARGET
    CONFIRM_OK = "authn_confirm_ok", pN_("audit", "Password entered again"), ACTOR, TARGET
    CONFIRM_FAIL = "authn_confirm_fail", pN_("audit", "Password entered again, wrongly"), ACTOR, TARGET
    PASSWORD_CHANGED = "authn_password_change", pN_("audit", "Password changed"), TARGET
    RESET_ASKED = "authn_reset_ask", pN_("audit", "Asked for another password")
    RESET_DONE = "authn_reset_done", pN_("audit", "Password chosen by a link"), TARGET
    FACTOR_ADDED = "authn_factor_add", pN_("audit", "Second factor added"), ACTOR, TARGET, AFTER
    FACTOR_REMOVED = "authn_factor_remove", pN_("audit", "Second factor removed"), ACTOR, TARGET, BEFORE
    FACTOR_FAIL = "authn_factor_fail", pN_("audit", "Second factor failed"), TARGET
    FACTOR_RESET = "authn_factor_reset", pN_("audit", "Second factors taken away by an administrator"), TARGET
    CODE_USED = "authn_recovery_use", pN_("audit", "Recovery code used"), TARGET
    CODES_RENEWED = "authn_recovery_renew", pN_("audit", "Recovery codes renewed"), ACTOR, TARGET
    IDENTITY_LINKED = "authn_identity_link", pN_("audit", "Login elsewhere linked"), ACTOR, TARGET, AFTER
    IDENTITY_UNLINKED = "authn_identity_unlink", pN_("audit", "Login elsewhere unlinked"), ACTOR, TARGET, BEFORE
    IDENTITY_GONE = "authn_identity_gone", pN_("audit", "Gone elsewhere: all logins and tokens ended"), TARGET, AFTER
    TOKEN_MADE = "authn_token_created", pN_("audit", "Access token made"), ACTOR, TARGET, AFTER
    TOKEN_REVOKED = "authn_token_revoked", pN_("audit", "Access token revoked"), ACTOR, TARGET
    TOKEN_LIMITED = "authn_token_limited", pN_("audit", "Projects of a token changed"), ACTOR, TARGET, BEFORE, AFTER
    FEED_TOKEN_MADE = "feed_token_created", pN_("audit", "Feed token made"), ACTOR, TARGET
    FEED_TOKEN_REVOKED = "feed_token_revoked", pN_("audit", "Feed token revoked"), ACTOR, TARGET
    FEED_LIMITED = (
        "feed_token_limited",
        pN_("audit", "Projects of a feed changed"),
        ACTOR,
        TARGET,
        BEFORE,
        AFTER,
    )
    REGISTERED = "user_created", pN_("audit", "Account made"), TARGET
    RENAMED = "user_updated", pN_("audit", "Name or handle changed"), ACTOR, TARGET, BEFORE, AFTER
    ADDRESS_CONFIRMED = "user_address_confirmed", pN_("audit", "Address confirmed"), TARGET
    MOVE_ASKED = "user_address_ask", pN_("audit", "Asked for another address"), ACTOR, TARGET, AFTER
    MOVED = "user_address_change", pN_("audit", "Address changed"), ACTOR, TARGET, BEFORE, AFTER
    MOVE_UNDONE = "user_address_undo", pN_("audit", "Former address taken back"), TARGET, BEFORE, AFTER
    DEACTIVATED = "user_deactivated", pN_("audit", "Account deactivated"), TARGET
    ACTIVATED = "user_activated", pN_("audit", "Account activated"), TARGET
    PURGED = "user_purged", pN_("audit", "All that somebody made of late put into the trash"), ACTOR, TARGET, AFTER
    ADMINISTRATOR_MADE = "user_administrator", pN_("audit", "Made an administrator"), TARGET
    ADMINISTRATOR_UNMADE = "user_no_administrator", pN_("audit", "No administrator any more"), TARGET
    MERGED = "user_merged", pN_("audit", "Account merged into another"), TARGET, BEFORE, AFTER
    CLAIM_SENT = "user_claim_sent", pN_("audit", "Invited to be somebody imported"), ACTOR, TARGET, AFTER
    CLAIM_REVOKED = "user_claim_revoked", pN_("audit", "Invitation to be somebody imported taken back"), ACTOR, TARGET
    CLAIMED = "user_claimed", pN_("audit", "Account made of somebody imported"), TARGET, BEFORE, AFTER
    MEMBER_ADDED = "member_added", pN_("audit", "Member added"), ACTOR, TARGET, PROJECT, AFTER
    MEMBER_CHANGED = "member_role_changed", pN_("audit", "Role changed"), ACTOR, TARGET, PROJECT, BEFORE, AFTER
    MEMBER_REMOVED = "member_removed", pN_("audit", "Member removed"), ACTOR, TARGET, PROJECT, BEFORE
    PERSON_BLOCKED = "person_blocked", pN_("audit", "Blocked from the project"), ACTOR, TARGET, PROJECT
    PERSON_UNBLOCKED = "person_unblocked", pN_("audit", "No longer blocked from the project"), ACTOR, TARGET, PROJECT
    POST_APPROVED = "post_approved", pN_("audit", "Approved, or kept though it was reported"), ACTOR, TARGET, PROJECT
    POST_REJECTED = "post_rejected", pN_("audit", "Rejected, or hidden as it was reported"), ACTOR, TARGET, PROJECT
    INVITED = "invitation_created", pN_("audit", "Invited"), ACTOR, TARGET, PROJECT, AFTER
    INVITATION_RENEWED = "invitation_renewed", pN_("audit", "Invitation renewed"), ACTOR, TARGET, PROJECT, AFTER
    INVITATION_REVOKED = "invitation_revoked", pN_("audit", "Invitation taken back"), ACTOR, TARGET, PROJECT
    INVITATION_ACCEPTED = "invitation_accepted", pN_("audit", "Invitation accepted"), ACTOR, TARGET, PROJECT, AFTER
    INVITATION_DECLINED = "invitation_declined", pN_("audit", "Invitation declined"), ACTOR, TARGET, PROJECT
    TRANSFERRED = "project_transferred", pN_("audit", "Project handed over"), ACTOR, TARGET, PROJECT, BEFORE, AFTER
    PROJECT_CREATED = "project_created", pN_("audit", "Project created"), PROJECT, AFTER
    PROJECT_CHANGED = "project_changed", pN_("audit", "Project changed"), ACTOR, PROJECT, BEFORE, AFTER
    KEY_CHANGED = "project_key_changed", pN_("audit", "Key changed"), ACTOR, PROJECT, BEFORE, AFTER
    VISIBILITY_CHANGED = (
        "project_visibility_changed",
        pN_("audit", "Visibility changed"),
        ACTOR,
        PROJECT,
        BEFORE,
        AFTER,
    )
    ARCHIVED = "project_archived", pN_("audit", "Project archived"), ACTOR, PROJECT
    RESTORED = "project_restored", pN_("audit", "Project taken from the archive"), ACTOR, PROJECT
    PROJECT_DELETED = "project_deleted", pN_("audit", "Project deleted"), ACTOR, PROJECT, BEFORE
    ISSUE_DELETED = "issue_deleted", pN_("audit", "Issue deleted for good"), ACTOR, TARGET, PROJECT
    COMMENT_DELETED = "comment_deleted", pN_("audit", "Comment deleted for good"), ACTOR, TARGET, PROJECT
    TEXT_FORGOTTEN = "text_forgotten", pN_("audit", "Former text forgotten"), ACTOR, TARGET, PROJECT
    TRASH_EMPTIED = "trash_emptied", pN_("audit", "Trash emptied of what was old"), AFTER
    EXPORTED = "data_exported", pN_("audit", "Issues exported"), ACTOR, AFTER
    IMPORTED = "data_imported", pN_("audit", "Issues imported"), PROJECT, AFTER
    AUDIT_EXPORTED = "audit_exported", pN_("audit", "Audit log exported"), ACTOR, AFTER
    WEBHOOK_CREATED = "webhook_created", pN_("audit", "Webhook created"), ACTOR, TARGET, AFTER
    WEBHOOK_CHANGED = "webhook_changed", pN_("audit", "Webhook changed"), ACTOR, TARGET, BEFORE, AFTER
    WEBHOOK_ROTATED = "webhook_rotated", pN_("audit", "Webhook given another secret"), ACTOR, TARGET
    WEBHOOK_REMOVED = "webhook_removed", pN_("audit", "Webhook deleted"), ACTOR, TARGET
    CODE_HOST_CREATED = "code_host_created", pN_("audit", "Repository connected"), ACTOR, TARGET, PROJECT, AFTER
    CODE_HOST_CHANGED = "code_host_changed", pN_("audit", "Repository changed"), ACTOR, TARGET, PROJECT, BEFORE, AFTER
    CODE_HOST_ROTATED = "code_host_rotated", pN_("audit", "Repository given another secret"), ACTOR, TARGET, PROJECT
    CODE_HOST_REMOVED = "code_host_removed", pN_("audit", "Repository disconnected"), ACTOR, TARGET, PROJECT
    SETTING_CHANGED = "setting_changed", pN_("audit", "Setting of the project changed"), ACTOR, TARGET, PROJECT
    INSTALLATION_SET = "installation_setting_changed", pN_("audit", "Setting of this Cairn changed"), BEFORE, AFTER
    MAILBOX_CHOSEN = "mailbox_chosen", pN_("audit", "Mail to the project switched on or off"), ACTOR, PROJECT, AFTER
    JOB_RETRIED = "job_retried", pN_("audit", "Jobs tried again"), AFTER
    JOB_REMOVED = "job_removed", pN_("audit", "Job deleted"), ACTOR, TARGET

    def __init__(self, word: str, title: tuple[str, str], *tells: str) -> None:
        self.word = word
        self.title = title
        self.tells = frozenset(tells)


BY_WORD = {kind.word: kind for kind in Kind}
