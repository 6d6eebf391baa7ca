"""Mails about issues: what was done, by whom, why one hears of it, and how that ends."""

from collections.abc import Sequence
from typing import Any

from webapp.events.words import plain
from webapp.hearing import reporting
from webapp.hearing.rows import Delivered, Told
from webapp.i18n import N_, _, formats
from webapp.mail.composing import Letter, MailingList, Stop, composes
from webapp.mail.rows import MailRow
from webapp.mail.unsubscribing import ends
from webapp.mail_in import service as mail_in
from webapp.models.inbox import STRENGTH, Reason
from webapp.watching import service as watching

# Where people say by which way they hear of what.
RULES = "/account/notifications"
# So many issues of a change of many are named.
NAMED = 20
WHY = {
    Reason.ASSIGNED: N_("You get this because it is, or was, assigned to you."),
    Reason.MENTIONED: N_("You get this because a text there names you."),
    Reason.AUTHOR: N_("You get this because you opened it."),
    Reason.COMMENTED: N_("You get this because you commented on it."),
    Reason.QUERY: N_("You get this because it matches a view that you watch."),
    Reason.NEW_ISSUE: N_("You get this because you want to hear of new issues there."),
    Reason.WATCHING: N_("You get this because you want to hear of everything there."),
}


@composes("issue", ended=reporting.ended)
def letter_of_issue(mail: MailRow) -> Letter | None:
    """What happened to one issue since the mail before."""
    delivered, told = reporting.to_tell(mail.data["deliveries"])
    if not told:
        return None
    issue, is_private = delivered[-1], any(one.private for one in told)
    at = told[0].happened.link()
    path = issue.path + (at if at.startswith("#") else "")
    return Letter(
        {"issue": issue, "entries": [_entry(one) for one in told], "path": path, "is_private": is_private},
        thread=f"issue-{issue.issue_id}",
        by=_by(told),
        why=_why(delivered),
        rules=RULES,
        mailing_list=MailingList(issue.key, issue.project),
        stop=Stop("issue", {"issue": issue.issue_id}, _("Hear nothing of %(what)s", what=issue.issue_key)),
        reply_to=_reply_to(mail, issue, is_private=is_private),
    )


@composes("issues", ended=reporting.ended)
def letter_of_issues(mail: MailRow) -> Letter | None:
    """What one change did to many issues."""
    delivered, told = reporting.to_tell(mail.data["deliveries"])
    if not told:
        return None
    first = delivered[0]
    items, path = _items(delivered, told), f"/projects/{first.key}/issues?q=is:all+sort:updated"
    values = {"number": len(delivered), "project": first.project, "who": _by(told), "items": items, "path": path}
    return Letter(
        {**values, "more": len(delivered) - len(items)},
        by=_by(told),
        why=_why(delivered),
        rules=RULES,
        mailing_list=MailingList(first.key, first.project),
        stop=Stop("project", {"project": first.project_id}, _("Hear nothing of %(what)s", what=first.project)),
    )


@ends("issue", lambda user_id, issue: _("mails about this issue"))
def end_of_issue(user_id: int, issue: int) -> None:
    """Let somebody hear nothing of an issue any more."""
    watching.mute(issue, user_id)


@ends("project", lambda user_id, project: _("mails about this project"))
def end_of_project(user_id: int, project: int) -> None:
    """The same of a whole project."""
    watching.mute_project(project, user_id)


def _reply_to(mail: MailRow, issue: Delivered, *, is_private: bool) -> str:
    """Where to answer: what answers a private comment becomes one itself."""
    if not mail.reader.id or not issue.issue_id:
        return ""
    return mail_in.reply_address(mail.reader.id, issue.issue_id, private=is_private)


def _entry(one: Told) -> dict[str, Any]:
    return {
        "who": one.who,
        "words": plain(one.happened.words()),
        "at": one.at,
        "written": one.written,
        "private": one.private,
    }


def _items(delivered: Sequence[Delivered], told: Sequence[Told]) -> list[dict[str, str]]:
    """The first issues, each with what happened to it."""
    words: dict[int, list[str]] = {}
    for one in told:
        words.setdefault(one.issue_id, []).append(plain(one.happened.words()))
    known = [one for one in delivered[:NAMED] if one.issue_id in words]
    return [
        {
            "issue": f"{one.issue_key} {one.title}",
            "words": formats.gap().join(words[one.issue_id or 0]),
            "path": one.path,
        }
        for one in known
    ]


def _by(told: Sequence[Told]) -> str:
    """Who did it all, if it was one."""
    names = list(dict.fromkeys(one.who for one in told))
    return names[0] if len(names) == 1 else ""


def _why(delivered: Sequence[Delivered]) -> str:
    return _(WHY[min((Reason(one.reason) for one in delivered), key=STRENGTH.__getitem__)])
