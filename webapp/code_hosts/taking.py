"""What becomes of a delivery: it is understood, told in timelines, and closes what it fixes; all of it or nothing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict

from webapp import eyes
from webapp.access import Do, Viewer, require
from webapp.code_hosts import arrivals, closing, mentions, naming, reading, repository, telling
from webapp.code_hosts.naming import Former, Named
from webapp.code_hosts.reading import Told, Unreadable, Written
from webapp.code_hosts.rows import Outcome, Waiting
from webapp.db import transaction
from webapp.errors import CairnError
from webapp.i18n import N_
from webapp.issues import linking, locks
from webapp.models.code_hosts import Arrival, HostKind, Piece
from webapp.projects import service as projects


class Refused(Exception):
    """Nothing is done, and why."""


def take(delivery_id: int) -> None:
    """Do what a delivery is for. What is done already is not done again."""
    waiting = arrivals.waiting(delivery_id)
    if waiting is None:
        return
    try:
        with eyes.through(waiting.by_id):
            _take(waiting)
    except Refused as refused:
        _end(waiting, Arrival.REFUSED, Told(remark=str(refused)), Outcome())


def _take(waiting: Waiting) -> None:
    by = repository.active(waiting.by_id)
    if by is None:
        raise Refused(N_("Whoever connected the repository is no longer active here. Give it a new secret."))
    try:
        told = reading.read(HostKind(waiting.kind), waiting.event, waiting.body)
        project = projects.get(str(waiting.project_id), by)
    except Unreadable as error:
        raise Refused(str(error)) from None
    except CairnError:
        why = N_("Whoever connected the repository no longer sees the project. Give it a new secret.")
        raise Refused(why) from None
    found = naming.named(told.written, _former(waiting, told.written, by), project, by)
    if found.each:
        _carry_out(waiting, told, found, by)
    else:
        _end(waiting, Arrival.IGNORED, told, Outcome(unknown=list(found.unknown)))


def _former(waiting: Waiting, written: Sequence[Written], by: Viewer) -> Former:
    """The keys that merge requests named when they were told before: they may have lost these since."""
    former: dict[str, list[str]] = defaultdict(list)
    named = mentions.named_by(waiting.host_id, {one.ref for one in written if one.kind == Piece.MERGE_REQUEST})
    keys = arrivals.keys({id for _, id in named}, by)
    for ref, id in named:
        former[ref] += [keys[id]] if id in keys else []
    return former


@transaction
def _carry_out(waiting: Waiting, told: Told, found: Named, connector: Viewer) -> None:
    """Tell and close, in the order of all locks: the issues first, what only this room has last."""
    linking.hold_each(list(found.meant))
    if not arrivals.is_waiting(waiting.id):
        return
    places = mentions.places(found.meant)
    held = [id for id in found.meant if places.get(id) == found.home(id).id]
    homes = {found.home(id) for id in held}
    if len(homes) > 1:
        locks.take_projects(*(home.id for home in homes))
    for home in homes:
        require(connector, Do.COMMENT, home)
    outcome = Outcome(named=held, unknown=list(found.unknown))
    done = telling.tell(waiting, found, held, connector)
    closing.close(waiting, found, held, done, connector, outcome)
    _end(waiting, Arrival.TAKEN, told, outcome)


@transaction
def _end(waiting: Waiting, state: Arrival, told: Told, outcome: Outcome) -> None:
    """Write down what became of it."""
    if told.url:
        repository.learn(waiting.host_id, told.url)
    remark = told.remark or ("" if outcome.named else N_("It names no issue."))
    arrivals.end(waiting.id, state=state, answer=remark, commits=told.commits, outcome=asdict(outcome))
