"""What an archive holds and what became of it, by kind: nothing is lost without a word."""

from collections import Counter
from collections.abc import Iterator

ISSUES, PULLS, COMMENTS, PEOPLE = "issues", "pull requests", "comments", "people"
LABELS, MILESTONES, ASSIGNEES = "labels", "milestones", "assignees"
KINDS = (ISSUES, PULLS, COMMENTS, PEOPLE, LABELS, MILESTONES, ASSIGNEES)

EDITED = "kept as edited here"
DELETED = "deleted here"


class Ledger:
    """Each thing that is read is added, changed, as before, or left out for a reason. Kinds are in the plural."""

    def __init__(self) -> None:
        self.read: Counter[str] = Counter()
        self.added: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.as_before: Counter[str] = Counter()
        self.left: Counter[tuple[str, str]] = Counter()

    def lose(self, kind: str, why: str, count: int = 1) -> None:
        """Something was read that is not imported at all."""
        if count:
            self.read[kind] += count
            self.left[kind, why] += count

    def leave(self, kind: str, why: str, count: int = 1) -> None:
        """Something that was read before, and is otherwise imported, is left out this time."""
        if count:
            self.left[kind, why] += count

    def of(self, counter: Counter[str], *kinds: str) -> int:
        return sum(counter[kind] for kind in kinds)

    def left_for(self, why: str, *kinds: str) -> int:
        """How many of these kinds were left out for this reason."""
        return sum(self.left[kind, why] for kind in kinds)

    def balance(self, kind: str) -> int:
        """How many were read and are not accounted for: none, or something was lost."""
        left = sum(count for (of, _), count in self.left.items() if of == kind)
        return self.read[kind] - self.added[kind] - self.changed[kind] - self.as_before[kind] - left

    def table(self) -> Iterator[str]:
        """The lines to print: first what Cairn has a place for, then what was left out, and why."""
        yield f"{'':16}{'read':>10}{'added':>10}{'changed':>10}{'as before':>11}{'left out':>10}"
        for kind in KINDS:
            left = sum(count for (of, _), count in self.left.items() if of == kind)
            counts = (self.added[kind], self.changed[kind])
            yield (
                f"{kind:16}{self.read[kind]:>10,}"
                + "".join(f"{count:>10,}" for count in counts)
                + f"{self.as_before[kind]:>11,}{left:>10,}"
            )
        if self.left:
            yield "Left out:"
        for (kind, why), count in sorted(self.left.items()):
            yield f"  {count:,} {kind}: {why}"
