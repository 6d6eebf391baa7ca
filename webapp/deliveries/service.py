"""Who was told what of an issue. People see what they were told themselves, administrators what everybody was."""

from dataclasses import fields

from webapp.access import Viewer
from webapp.deliveries import repository
from webapp.deliveries.rows import Account, Missed, Standing, Unheard
from webapp.errors import Forbidden
from webapp.events.kinds import KINDS, News
from webapp.hearing.deciding import as_watched
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.models.watching import Level
from webapp.paging import COUNTED, bounded, cut, place
from webapp.rules import service as rules
from webapp.rules.service import Rules

MISSED = 20


def account(issue: IssueDetail, user: int | None, cursor: str | None, limit: int, by: Viewer) -> Account:
    """What was told of an issue, the last first; of one person also what was not, and why.

    Without a person administrators see everybody's, others their own. Raises Forbidden for another's.
    """
    if user not in (None, by.id) and not by.is_admin:
        raise Forbidden(_("Only administrators see what others were told."))
    whose = user if by.is_admin else by.id
    at = place(cursor, int)
    page = cut(repository.listed(issue.id, whose, at, limit + 1), limit, at, lambda row: (row.id,))
    page.total = bounded(repository.count(issue.id, whose, COUNTED + 1))
    found = Account(**{one.name: getattr(page, one.name) for one in fields(page)})
    if whose is not None and cursor is None:
        found.missed = _missed(issue, whose)
    return found


def _missed(issue: IssueDetail, user: int) -> list[Missed]:
    standing = repository.standing(issue.id, user)
    if standing is None:
        return []
    chosen = rules.of([user], [issue.project_id])
    return [
        Missed(one.id, one.kind, one.did, one.actor, one.created_at, _why(one, issue, user, standing, chosen))
        for one in repository.unheard(issue.id, user, MISSED)
    ]


def _why(one: Unheard, issue: IssueDetail, user: int, standing: Standing, chosen: Rules) -> str:
    """Why somebody was not told, by what holds now: what was chosen then is not kept."""
    news = KINDS[one.kind].heard or News.CHANGED
    if not standing.takes_part and standing.hears is Level.ALL:
        news = as_watched(news, is_chosen=standing.level is not None)
    if standing.is_seen and one.actor.id == user and not chosen.hears_own(user):
        return _("Own acts are not told, unless one wishes it.")
    if not_watching := _not_watching(standing, news):
        return not_watching
    if one.waits:
        return _("Nobody was told yet: the worker did not get to it, or gave it up.")
    if not chosen.ways(user, issue.project_id, news).inbox:
        return _("The rule for news like this is: nothing.")
    return _("It was not to be told when it happened: something else was chosen then, or it was imported.")


def _not_watching(standing: Standing, news: News) -> str | None:
    """Why somebody does not hear of such news at all, by which way ever."""
    if not standing.is_seen:
        return _("The project may not be seen.")
    if standing.hears is Level.NOTHING:
        if standing.level:
            return _("The choice for this issue is to hear nothing.")
        return _("The choice for the project is to hear nothing.")
    if standing.hears is Level.ALL or (standing.hears is Level.NEW and news is News.NEW_ISSUE):
        return None
    if not standing.takes_part:
        return _("No part is taken in this issue, and it is not watched.")
    is_detail = news is News.CHANGED
    return _("Changes like this are told to those who want to hear everything.") if is_detail else None
