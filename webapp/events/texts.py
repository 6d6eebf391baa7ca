"""Events that change no field of an issue: ties to others, tasks, comments, former texts, mentions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from webapp.events.happening import Aside, Data, Effect, Erased, News, Verb
from webapp.events.words import Part, Words, difference, filled, issue, listed, name
from webapp.i18n import N_, _, pgettext, pN_

# What stands in the place of an issue that not everybody may know.
_HIDDEN = {
    "blocks": pN_("blocks", "an issue of another project"),
    "blocked_by": pN_("is blocked by", "an issue of another project"),
    "relates": pN_("relates to", "an issue of another project"),
    "duplicates": pN_("duplicates", "an issue of another project"),
    "duplicated_by": pN_("is duplicated by", "an issue of another project"),
}


@dataclass(frozen=True, slots=True)
class _Tie(Aside):
    is_base: ClassVar[bool] = True
    lasting: ClassVar[str] = "A relation can be made, or taken away again, on the issue's page."
    renamed: ClassVar[Mapping[str, str]] = {"way": "kind"}
    elsewhere: ClassVar[Sequence[tuple[str, ...]]] = [("issue",)]
    # What is told, by the way in which they are tied.
    told: ClassVar[Mapping[str, str]]

    way: str
    issue: str | None

    def words(self) -> Words:
        hidden = _HIDDEN.get(self.way, _HIDDEN["relates"])
        return filled(_(self.told.get(self.way, self.told["relates"])), issue=issue(self.issue, hidden=hidden))

    def link(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Linked(_Tie):
    """Tied to another issue; `way` is how, seen from this one, and `issue` None where not everybody may know it."""

    kind: ClassVar[str] = "linked"
    told: ClassVar[Mapping[str, str]] = {
        "blocks": N_("noted that this blocks %(issue)s"),
        "blocked_by": N_("noted that this is blocked by %(issue)s"),
        "relates": N_("noted that this relates to %(issue)s"),
        "duplicates": N_("noted that this duplicates %(issue)s"),
        "duplicated_by": N_("noted that this is duplicated by %(issue)s"),
    }


@dataclass(frozen=True, slots=True)
class Unlinked(_Tie):
    kind: ClassVar[str] = "unlinked"
    told: ClassVar[Mapping[str, str]] = {
        "blocks": N_("took back that this blocks %(issue)s"),
        "blocked_by": N_("took back that this is blocked by %(issue)s"),
        "relates": N_("took back that this relates to %(issue)s"),
        "duplicates": N_("took back that this duplicates %(issue)s"),
        "duplicated_by": N_("took back that this is duplicated by %(issue)s"),
    }


@dataclass(frozen=True, slots=True)
class Ticked(Aside):
    """Tasks that are done now and tasks that are not any more; of a comment, if one is named, else of the issue."""

    kind: ClassVar[str] = "ticked"
    lasting: ClassVar[str] = "A task can be ticked, or cleared again, in the text."
    erases: ClassVar[Erased] = Erased(words=("added", "removed"))

    added: Sequence[str]
    removed: Sequence[str]
    comment: int | None = None

    def words(self) -> Words:
        put, took = (listed(name(one) for one in tasks) for tasks in (self.added, self.removed))
        return difference(
            put, took, _("ticked %(put)s and cleared %(took)s"), _("ticked %(put)s"), _("cleared %(took)s")
        )

    def link(self) -> str:
        return f"#c{self.comment}" if self.comment else ""


@dataclass(frozen=True, slots=True)
class TextForgotten(Aside):
    """A former text of a comment, if one is named, else of the issue, that nobody can read any more."""

    kind: ClassVar[str] = "text_forgotten"
    heard: ClassVar[News | None] = None
    lasting: ClassVar[str] = "What was forgotten is nowhere any more."

    version: int
    comment: int | None

    def words(self) -> Words:
        what = pgettext("of", "a comment") if self.comment else pgettext("of", "the description")
        whose = Part(what, "link", self.link())
        return filled(_("let a former text of %(what)s be forgotten"), what=whose)

    def link(self) -> str:
        return f"comments/{self.comment}/history" if self.comment else "history"


@dataclass(frozen=True, slots=True)
class _OfComment(Aside):
    """What happened to a comment; the thread has it in the comment's own place."""

    is_base: ClassVar[bool] = True
    in_thread: ClassVar[bool] = False
    in_feed: ClassVar[bool] = False
    heard: ClassVar[News | None] = None
    did: ClassVar[str]

    comment: int
    author: int

    def words(self) -> Words:
        return filled(_(self.did), comment=Part(_("a comment"), "link", self.link()))

    def link(self) -> str:
        return f"#c{self.comment}"


@dataclass(frozen=True, slots=True)
class Commented(Aside):
    """A new comment. It is told as itself; its event lets people hear of it. One that came by an import has none."""

    kind: ClassVar[str] = "commented"
    lasting: ClassVar[str] = "A comment can be deleted."
    in_thread: ClassVar[bool] = False
    in_feed: ClassVar[bool] = False
    heard: ClassVar[News | None] = News.COMMENTED
    verb: ClassVar[Verb] = "commented"

    comment: int

    def words(self) -> Words:
        return [Part(_("commented"), "link", self.link())]

    def link(self) -> str:
        return f"#c{self.comment}"


@dataclass(frozen=True, slots=True)
class CommentEdited(_OfComment):
    """Another text of a comment: its versions before and after."""

    kind: ClassVar[str] = "comment_edited"
    lasting: ClassVar[str] = "The former text is in the comment's history, from where it can be taken."
    did: ClassVar[str] = N_("edited %(comment)s")

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class CommentDeleted(_OfComment):
    kind: ClassVar[str] = "comment_deleted"
    lasting: ClassVar[str] = ""
    did: ClassVar[str] = N_("deleted %(comment)s")

    def inverse(self) -> Effect | None:
        return {"restored_comment": self.comment}


@dataclass(frozen=True, slots=True)
class CommentRestored(_OfComment):
    kind: ClassVar[str] = "comment_restored"
    lasting: ClassVar[str] = "A comment that was restored can be deleted again."
    did: ClassVar[str] = N_("restored %(comment)s")


@dataclass(frozen=True, slots=True)
class CommentHidden(_OfComment):
    """A comment is for its author and the team alone from then on, or for all who see the issue.

    While it is private, nobody else sees that this happened.
    """

    kind: ClassVar[str] = "comment_privacy"
    lasting: ClassVar[str] = "Who sees a comment can be changed again where it is edited."
    did: ClassVar[str] = N_("made %(comment)s private")
    showed: ClassVar[str] = N_("made %(comment)s visible to all who see the issue")

    old: bool
    new: bool

    def words(self) -> Words:
        told = self.did if self.new else self.showed
        return filled(_(told), comment=Part(_("a comment"), "link", self.link()))


@dataclass(frozen=True, slots=True)
class Mentioned(Aside):
    """A text elsewhere that names the issue. It is told, as long as it is there, and never stored."""

    kind: ClassVar[str] = "mentioned"
    lasting: ClassVar[str] = "A mention goes with the text that names the issue."
    stored: ClassVar[bool] = False
    heard: ClassVar[News | None] = None

    key: str
    number: int
    title: str
    comment: int | None

    def words(self) -> Words:
        return filled(_("mentioned this in %(issue)s"), issue=self._there())

    def link(self) -> str:
        return self._there().at

    def _there(self) -> Part:
        anchor = f"#c{self.comment}" if self.comment else ""
        return issue(f"{self.key}-{self.number}", self.title, anchor)


@dataclass(frozen=True, slots=True)
class Other(Aside):
    """What a newer Cairn wrote, before this one took its place again."""

    lasting: ClassVar[str] = "This Cairn does not know what it was."
    stored: ClassVar[bool] = False

    called: str
    rest: Data

    @property
    def kind(self) -> str:  # type: ignore[override]
        return self.called

    def data(self) -> dict[str, Any]:
        return dict(self.rest)

    def words(self) -> Words:
        return [Part(_("changed this"))]

    def link(self) -> str:
        return ""
