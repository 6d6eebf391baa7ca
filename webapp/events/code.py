"""Events of code: a commit or merge request elsewhere names the issue."""

from dataclasses import dataclass
from typing import ClassVar

from webapp.events.happening import Aside, News, Verb
from webapp.events.words import Part, Words, filled, name, outside
from webapp.i18n import N_, _, pgettext, pN_

# What is told of a merge request, and the same with whose it is.
_STATES = {
    "open": (
        N_("noted that %(what)s was opened: %(title)s"),
        N_("noted that %(what)s by %(author)s was opened: %(title)s"),
    ),
    "merged": (
        N_("noted that %(what)s was merged: %(title)s"),
        N_("noted that %(what)s by %(author)s was merged: %(title)s"),
    ),
    "closed": (
        N_("noted that %(what)s was closed: %(title)s"),
        N_("noted that %(what)s by %(author)s was closed: %(title)s"),
    ),
}
_CHANGED = (
    N_("noted that %(what)s was changed: %(title)s"),
    N_("noted that %(what)s by %(author)s was changed: %(title)s"),
)
# How rows begin with what a commit or merge request is called.
COMMIT, MERGE, MERGE_NUMBER, PULL_NUMBER = "commit ", "merge request ", "merge request !", "pull request #"
# The same in words, and behind "in"; the longer of two beginnings first.
_CALLED = {
    COMMIT: (N_("commit %(ref)s"), pN_("in", "commit %(ref)s")),
    MERGE_NUMBER: (N_("merge request !%(ref)s"), pN_("in", "merge request !%(ref)s")),
    MERGE: (N_("merge request %(ref)s"), pN_("in", "merge request %(ref)s")),
    PULL_NUMBER: (N_("pull request #%(ref)s"), pN_("in", "pull request #%(ref)s")),
}


def named(called: str, url: str | None, *, within: bool = False) -> Part:
    """A commit or merge request, in the language that is spoken; `within` is behind "in"."""
    for beginning, (alone, behind) in _CALLED.items():
        if called.startswith(beginning):
            ref = called.removeprefix(beginning)
            return outside(pgettext(*behind, ref=ref) if within else _(alone, ref=ref), url)
    return outside(called, url)


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

    def _words(self, sentence: str, by: str, *, within: bool = False) -> Words:
        """One of two sentences: the second one says whose it is."""
        parts = {"what": named(self.called, self.url, within=within), "title": name(self.title)}
        return filled(by, author=name(self.author), **parts) if self.author else filled(sentence, **parts)

    def link(self) -> str:
        return self.url or ""


@dataclass(frozen=True, slots=True)
class Committed(_OfCode):
    """A commit that names the issue. Nobody hears of it: there are many, and what they fix is heard of by itself."""

    kind: ClassVar[str] = "committed"
    heard: ClassVar[News | None] = None
    verb: ClassVar[Verb] = "committed"

    def words(self) -> Words:
        return self._words(
            _("mentioned this in %(what)s: %(title)s"),
            _("mentioned this in %(what)s by %(author)s: %(title)s"),
            within=True,
        )


@dataclass(frozen=True, slots=True)
class MergeRequested(_OfCode):
    """A merge request that names the issue is opened, merged, or closed."""

    kind: ClassVar[str] = "merge_requested"
    verb: ClassVar[Verb] = "merge_requested"

    state: str

    def words(self) -> Words:
        if self.state == "open" and self.author is None:
            return filled(_("opened %(what)s: %(title)s"), what=named(self.called, self.url), title=name(self.title))
        sentence, by = _STATES.get(self.state, _CHANGED)
        return self._words(_(sentence), _(by))
