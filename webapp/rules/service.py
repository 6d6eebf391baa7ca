"""By which way people hear of what: what they chose, or else what is usual."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from webapp import clock, zones
from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.errors import Conflict, Invalid
from webapp.events.kinds import News
from webapp.i18n import _
from webapp.mail import service as mail
from webapp.models.rules import Choice, Rhythm, Weekday
from webapp.projects.service import ProjectRow
from webapp.rules import repository, times
from webapp.rules.rows import DEFAULTS, Choices, Exceptional, Rule, Settings, Ways

_NEWS = frozenset(News)
_KINDS: Mapping[str, Callable[[Any], Any]] = {"digest": Rhythm, "digest_day": Weekday}


@dataclass(frozen=True, slots=True)
class Rules:
    """What some people chose for some projects."""

    chosen: Mapping[int, Rule]

    def hears_own(self, person: int) -> bool:
        """Whether somebody wants to hear of what they do themselves."""
        return person in self.chosen and self.chosen[person].own_acts

    def ways(self, person: int, project: int, news: News) -> Ways:
        """By which ways somebody hears of such news of a project."""
        rule = self.chosen.get(person)
        if rule is None:
            return _ways(DEFAULTS[news], "usual")
        here = rule.exceptions.get(project, {})
        if news in here:
            ways = _ways(here[news], "chosen for the project")
        else:
            ways = _ways(rule.ways.get(news, DEFAULTS[news]), "chosen" if news in rule.ways else "usual")
        zone = zones.named(rule.time_zone)
        return replace(ways, until=times.quiet_until(clock.now(), zone, rule.quiet_from, rule.quiet_to))

    def mails(self, person: int, project: int, news: News) -> bool:
        """Whether such news come to somebody by mail, at once or with a digest."""
        ways = self.ways(person, project, news)
        return ways.mail or ways.digest


def of(people: Collection[int], projects: Collection[int]) -> Rules:
    """What these people chose for these projects; one statement for any number."""
    return Rules(repository.rules(people, projects) if people else {})


def settings(by: Viewer) -> Settings:
    """What somebody chose, with what is usual where they chose nothing."""
    found = repository.settings(by.id)
    return replace(found, ways={**DEFAULTS, **found.ways})


def exceptions(by: Viewer) -> list[Exceptional]:
    """The projects for which somebody chose something of its own, as far as they see them."""
    return repository.exceptions(by)


@transaction
def edit(sent: Mapping[str, Any], by: Viewer) -> Settings:
    """Change what is sent, and leave the rest. Raises Invalid for quiet hours that begin and do not end."""
    repository.lock(by.id)
    known = repository.settings(by.id)
    ways = {**known.ways, **_choices(sent)}
    rest = {name: _KINDS.get(name, _as_sent)(value) for name, value in sent.items() if name not in _NEWS}
    chosen = replace(known, **rest, ways={news: way for news, way in ways.items() if way is not DEFAULTS[news]})
    _refuse_endless_quiet(chosen)
    repository.keep(by.id, chosen)
    return replace(chosen, ways={**DEFAULTS, **ways})


def exception(project: ProjectRow, by: Viewer) -> Choices:
    """What somebody chose for a project."""
    require(by, Do.SEE, project)
    return repository.exception(by.id, project.id)


@transaction
def make_exception(project: ProjectRow, sent: Mapping[str, Any], by: Viewer) -> Choices:
    """Choose something for a project alone. What is sent as None is as everywhere again."""
    require(by, Do.SEE, project)
    repository.lock(by.id)
    known = {**repository.exception(by.id, project.id), **_choices(sent)}
    ways = {news: way for news, way in known.items() if way is not None}
    repository.make_exception(by.id, project.id, ways)
    return ways


@transaction
def end_exception(project: ProjectRow, by: Viewer) -> None:
    """Hear of a project by the ways that are chosen for all."""
    require(by, Do.SEE, project)
    repository.make_exception(by.id, project.id, {})


@transaction
def end_digest(user_id: int) -> None:
    """Leave to the inbox alone what somebody has told by the digest, as they asked by a link of theirs."""
    repository.end_digest(user_id)


@transaction
def send_test(by: Viewer) -> None:
    """Send somebody a mail that says that mail arrives. Raises Conflict where no mail is sent."""
    if not mail.is_configured():
        raise Conflict(_("This Cairn sends no mail. To change that, an administrator sets MAIL_URL."))
    mail.post("test", by, {}, key=f"test:{by.id}")


def _as_sent(value: Any) -> Any:
    return value


def _ways(choice: Choice, rule: str) -> Ways:
    is_told = choice is not Choice.NOTHING
    return Ways(is_told, choice is Choice.MAIL, choice is Choice.DIGEST, rule)


def _choices(sent: Mapping[str, Any]) -> dict[News, Any]:
    return {News(name): way and Choice(way) for name, way in sent.items() if name in _NEWS}


def _refuse_endless_quiet(chosen: Settings) -> None:
    if (chosen.quiet_from is None) != (chosen.quiet_to is None):
        missing = "quiet_from" if chosen.quiet_from is None else "quiet_to"
        raise Invalid.on(missing, _("must be given too, or neither of the two."))
    if chosen.quiet_from is not None and chosen.quiet_from == chosen.quiet_to:
        raise Invalid.on("quiet_to", _("must be another hour than the one at which they begin."))
