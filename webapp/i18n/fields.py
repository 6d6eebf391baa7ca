"""What fields are called where people read of them: on forms that were refused, on pages that keep what was typed.

JSON calls them as schemas do. tests/i18n/test_fields.py wants a name for whatever a form sends.
"""

from collections.abc import Mapping, Sequence

from webapp.i18n.saying import N_, _

NAMES = {
    "add_assignees": N_("Assign to"),
    "add_labels": N_("Add labels"),
    "address": N_("Address"),
    "after": N_("Place"),
    "anyway": N_("Close it anyway"),
    "assigned": N_("Assignments"),
    "assignee": N_("Assignee"),
    "assignees": N_("Assignees"),
    "author": N_("Author"),
    "before": N_("Place"),
    "body": N_("Description"),
    "by": N_("Columns"),
    "card": N_("Card"),
    "category": N_("Category"),
    "change": N_("What was done"),
    "changed": N_("Changes"),
    "close_reason": N_("Close as"),
    "code": N_("Security code"),
    "color": N_("Colour"),
    "color_other": N_("Colour"),
    "column": N_("Column"),
    "commented": N_("Comments"),
    "comments.body": N_("Comment"),
    "credential": N_("Passkey"),
    "current_password": N_("Current password"),
    "days": N_("Ends after"),
    "last_days": N_("In the last days"),
    "default": N_("First view"),
    "delete": N_("Deletion"),
    "density": N_("Rows of lists"),
    "description": N_("Description"),
    "digest": N_("Digest"),
    "digest_day": N_("Day of the week"),
    "digest_hour": N_("Hour"),
    "done": N_("Done with it"),
    "due_on": N_("Due"),
    "duplicate_of": N_("Duplicate of"),
    "email": N_("E-mail"),
    "estimate": N_("Estimate"),
    "events": N_("Events"),
    "every": N_("All that match"),
    "expires_on": N_("Its last day"),
    "feeds.name": N_("What it is for"),
    "file": N_("File"),
    "files": N_("Files"),
    "form": N_("Format"),
    "from_column": N_("Column"),
    "group": N_("Grouping"),
    "handle": N_("Handle"),
    "ids": N_("Rows"),
    "into": N_("The other label"),
    "is_active": N_("Login"),
    "is_admin": N_("Administrator"),
    "is_on": N_("Switch"),
    "is_open": N_("Who may write"),
    "issue": N_("Issue"),
    "key": N_("Key"),
    "keys": N_("Single keys in this browser"),
    "kind": N_("Kind"),
    "label": N_("Label"),
    "labels": N_("Labels"),
    "language": N_("Language"),
    "layout": N_("Shown as"),
    "level": N_("What you hear of"),
    "limit": N_("Number of rows"),
    "list": N_("List"),
    "mentioned": N_("Mentions of you"),
    "milestone": N_("Milestone"),
    "move_to": N_("The other milestone"),
    "muted": N_("Muting"),
    "name": N_("Name"),
    "new_issue": N_("New issues"),
    "new_password": N_("New password"),
    "number": N_("Number"),
    "on": N_("The day"),
    "own_acts": N_("What you do yourself"),
    "parent": N_("Parent"),
    "people.into": N_("Into the account"),
    "password": N_("Password"),
    "personal_tokens.name": N_("What it is for"),
    "pinned": N_("Above lists and boards"),
    "place": N_("Place"),
    "position": N_("Place"),
    "priority": N_("Priority"),
    "private": N_("Private"),
    "project": N_("Project"),
    "projects": N_("Only in these projects"),
    "projects_named": N_("Others, by their keys"),
    "q": N_("Filter"),
    "query": N_("Filter"),
    "quiet_from": N_("Mails wait from"),
    "quiet_to": N_("Until"),
    "remember": N_("Stay logged in on this device"),
    "remove_assignees": N_("Take from"),
    "remove_labels": N_("Remove labels"),
    "resolution_note": N_("Resolution note"),
    "revoke_tokens": N_("Revoke my personal access tokens, too"),
    "role": N_("Role"),
    "scope": N_("Scope"),
    "shared": N_("Who has the view"),
    "snoozed_until": N_("The day"),
    "sort": N_("Order"),
    "start_on": N_("Start"),
    "state": N_("State"),
    "status": N_("Status"),
    "theme": N_("Colours of this browser"),
    "then": N_("Next step"),
    "time_zone": N_("Time zone"),
    "title": N_("Title"),
    "to": N_("The next status"),
    "unread": N_("Unread"),
    "url": N_("Address"),
    "user_id": N_("New owner"),
    "view": N_("View"),
    "visibility": N_("Who can see it"),
    "private_role": N_("Who sees private issues and comments"),
    "wip_limit": N_("Limit"),
    "posts": N_("A post"),
    "reason": N_("What is wrong"),
    "verdict": N_("Decision"),
    "words": N_("In your words"),
    "approve_first_posts": N_("First posts that wait for approval"),
    "everywhere": N_("All projects that I reach, now and later"),
    "audit_days": N_("Days that the audit log is kept"),
    "backup_hour": N_("Hour of the daily backup"),
    "backup_keep": N_("Days that backups are kept"),
    "limit_factor": N_("How generous limits are"),
    "registration": N_("Registration"),
    "require_second_factor": N_("Second factor"),
}


class Whole(str):
    """A sentence about a field that stands for itself. What is not marked so is the half behind the field's name.

    A letter does not tell it: German nouns begin with a capital, Japanese has none, and names begin as they like.
    """

    __slots__ = ()


def called(name: str, room: str = "") -> str:
    """What a field is called on the pages of a room; a part of it, as in `labels.0`, as the whole is."""
    name = name.partition(".")[0]
    return _(NAMES.get(f"{room}.{name}") or NAMES.get(name, name))


def told(name: str, sentence: str, room: str = "") -> str:
    """What is wrong with a field, as a whole sentence; with none in particular, if it has no name."""
    if not name or isinstance(sentence, Whole):
        return sentence
    return _("%(field)s %(problem)s", field=called(name, room), problem=sentence)


def first(errors: Mapping[str, Sequence[str]]) -> str | None:
    """The first thing that is wrong, as a whole sentence."""
    return next((told(name, one) for name, sentences in errors.items() for one in sentences), None)
