"""A query that was read: what it asks for, and what that means to the database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from webapp.i18n import N_, _
from webapp.lists.asked import Asked
from webapp.lists.conditions import Condition, Named
from webapp.lists.conditions.links import REF
from webapp.lists.orders import Order
from webapp.lists.walking import Gathering, Walk
from webapp.text.query import Node, Words

# What is told of a name that nothing has, by its kind.
_UNKNOWN = {
    "label": N_("There is no label called “%(name)s” here."),
    "status": N_("There is no status called “%(name)s” here."),
    "milestone": N_("There is no milestone called “%(name)s” here."),
    "person": N_("There is no person called “%(name)s” here."),
    "project": N_("There is no project called “%(name)s” here."),
    "label number": N_("There is no label with the id %(name)s here."),
    "status number": N_("There is no status with the id %(name)s here."),
    "milestone number": N_("There is no milestone with the id %(name)s here."),
    "project number": N_("There is no project with the id %(name)s here."),
}


@dataclass(frozen=True, slots=True)
class Sought:
    """A query, read: its tree without the order, its text, and what both mean to the database.

    `where` includes the projects that are looked through, and leaves out what is in the trash; `walked` makes the
    same for whoever goes through many issues in an order, `along` for who asks one after another in any. `led` finds
    all by a label or a milestone that few have, if there is one. `unknown` are the names that nothing has.
    """

    asked: Asked
    _where: Callable[[], Condition]
    walked: Callable[[Order], Walk]
    projects: Mapping[int, str]
    unknown: Sequence[Named]
    along: Callable[[], Condition]
    led: Callable[[int], Gathering | None] = lambda _counted: None

    @property
    def tree(self) -> Node:
        return self.asked.tree

    @property
    def sort(self) -> str:
        return self.asked.sort

    @property
    def group(self) -> str:
        return self.asked.group

    @property
    def text(self) -> str:
        return self.asked.text

    @property
    def where(self) -> Condition:
        return self._where()

    @property
    def warnings(self) -> list[str]:
        """What it names and nothing here is called, in words."""
        return [_(_UNKNOWN[kind], name=name) for kind, name in self.unknown]

    @property
    def is_reference(self) -> bool:
        """Whether it only names an issue, as `#12` and `KEY-12` do."""
        return isinstance(self.tree, Words) and bool(REF.match(self.tree.text))

    @property
    def state(self) -> str | None:
        """The state that is all it asks for: "open", "closed" or "all"; None if it asks for more."""
        return self.asked.state
