"""Events of code: a commit or merge request elsewhere names the issue."""

from dataclasses import dataclass
from typing import ClassVar

from webapp.events.happening import Aside, News
from webapp.events.words import Part, Words, name, outside

STATES = {"open": "opened", "merged": "merged", "closed": "closed"}


@dataclass(frozen=True, slots=True)
class _OfCode(Aside):
    """`author` is whom the host names, nobody of here; None where that is the person whose event it is."""

    is_base: ClassVar[bool] = True
    lasting: ClassVar[str] = "It is told of a repository elsewhere, where it goes on being so."
    icon: ClassVar[str] = "link"

    ref: str
    called: str
    title: str
    url: str | None
    author: str | None
    branch: str

    def _words(self, did: str, was: str = "") -> Words:
        by = [Part(" by "), name(self.author)] if self.author else []
        return [Part(f"{did} "), outside(self.called, self.url), *by, Part(f"{was}: "), name(self.title)]

    def link(self) -> str:
        return self.url or ""


@dataclass(frozen=True, slots=True)
class Committed(_OfCode):
    """A commit that names the issue. Nobody hears of it: there are many, and what they fix is heard of by itself."""

    kind: ClassVar[str] = "committed"
    heard: ClassVar[News | None] = None
    verb: ClassVar[str] = "committed to"

    def words(self) -> Words:
        return self._words("mentioned this in")


@dataclass(frozen=True, slots=True)
class MergeRequested(_OfCode):
    """A merge request that names the issue is opened, merged, or closed."""

    kind: ClassVar[str] = "merge_requested"
    verb: ClassVar[str] = "told of a merge request of"

    state: str

    def words(self) -> Words:
        if self.state == "open" and self.author is None:
            return self._words("opened")
        return self._words("noted that", f" was {STATES.get(self.state, 'changed')}")
