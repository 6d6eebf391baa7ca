"""The digest: what happened, by project, and what is due."""

from collections.abc import Sequence

from webapp import clock, zones
from webapp.digests import service
from webapp.digests.rows import Chapter
from webapp.events.kinds import Commented
from webapp.events.words import plain
from webapp.hearing import reporting
from webapp.hearing.letters import RULES
from webapp.hearing.rows import Delivered, Told
from webapp.i18n import _, ngettext, pgettext
from webapp.mail.composing import Letter, Stop, composes
from webapp.mail.rows import MailRow
from webapp.mail.unsubscribing import ends
from webapp.text.plain import excerpt

# So many issues of a project are named, and of each so much that happened.
NAMED = 20
SAID = 4
# The beginning of a comment, in characters.
BEGINNING = 120
# As many events are read.
MOST = 2_000


@composes("digest", ended=reporting.ended)
def letter_of_digest(mail: MailRow) -> Letter | None:
    """What happened that the reader may still know of; no letter where that is nothing."""
    delivered, told = reporting.to_tell(mail.data["deliveries"], MOST)
    if not told or mail.reader.id is None:
        return None
    today = clock.now().astimezone(zones.named(mail.reader.time_zone)).date()
    due = service.due(mail.reader.id, today)
    chapters = _chapters(delivered, told)
    values = {
        "chapters": chapters,
        "number": len({one.issue_id for one in told}),
        "overdue": [one for one in due if one.due_on < today],
        "soon": [one for one in due if one.due_on >= today],
        "today": today,
    }
    return Letter(
        values,
        why=_("You get this because you chose the digest for some of what you hear."),
        rules=RULES,
        stop=Stop("digest", {}, _("No digest any more")),
    )


@ends("digest", lambda user_id: _("the digest"))
def end_of_digest(user_id: int) -> None:
    """Leave to the inbox alone what came with the digest, and what waits for it."""
    service.end(user_id)


def _chapters(delivered: Sequence[Delivered], told: Sequence[Told]) -> list[Chapter]:
    """By project, in the order of their names; of each the issues to which something happened last."""
    words: dict[int, list[str]] = {}
    for one in told:
        words.setdefault(one.issue_id, []).append(_said(one))
    chapters: dict[int, Chapter] = {}
    issues = {one.issue_id: one for one in delivered}
    for issue_id in reversed(words):
        issue = issues[issue_id]
        chapter = chapters.setdefault(issue.project_id, Chapter(issue.project, f"/projects/{issue.key}"))
        if len(chapter.lines) < NAMED:
            chapter.lines.append((f"{issue.issue_key} {issue.title}", issue.path, _joined(words[issue_id])))
        else:
            chapter.more += 1
    return sorted(chapters.values(), key=lambda chapter: chapter.name.casefold())


def _joined(words: Sequence[str]) -> str:
    """What happened last to an issue, and how much before that."""
    shown, earlier = words[-SAID:], len(words) - SAID
    before = [ngettext("%(num)s earlier", "%(num)s earlier", earlier)] if earlier > 0 else []
    return pgettext("list", "; ").join([*before, *shown])


def _said(one: Told) -> str:
    words = _("%(who)s %(did)s", who=one.who, did=plain(one.happened.words()))
    if not isinstance(one.happened, Commented):
        return words
    said = excerpt(one.written, BEGINNING)
    return _("%(what)s: “%(said)s”", what=words, said=said) if said else words
