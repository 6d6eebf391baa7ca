"""By which way people hear of what, where they chose nothing else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from webapp.events.kinds import News

# What is to be answered, or done: everything else can wait until somebody looks.
_MAILED = frozenset({News.ASSIGNED, News.MENTIONED, News.COMMENTED})


@dataclass(frozen=True, slots=True)
class Ways:
    """By which ways somebody is told, and what says so, in a few words."""

    inbox: bool
    mail: bool
    digest: bool
    rule: str


def ways(person_ids: Collection[int], project_id: int, news: News) -> Mapping[int, Ways]:
    """By which ways each of these people hears of such news of a project; one statement for any number."""
    default = Ways(inbox=True, mail=news in _MAILED, digest=False, rule="default")
    return dict.fromkeys(person_ids, default)


def hearing_own(person_ids: Collection[int]) -> Collection[int]:
    """Those of these people who want to hear of what they do themselves."""
    return ()
