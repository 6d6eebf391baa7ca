"""What the last lines of a mail ask for: `!close`, `!label bug`, `!assign @ada`."""

import re
from dataclasses import dataclass

MOST = 20
_ORDER = re.compile(r"!([A-Za-z]{2,20})(?:[ \t]+(\S.{0,499}))?")


@dataclass(frozen=True, slots=True)
class Order:
    """A word, and what stands behind it."""

    word: str
    what: str

    def __str__(self) -> str:
        return f"!{self.word} {self.what}".rstrip()


def parted(text: str) -> tuple[str, list[Order]]:
    """The text without the orders at its end, and these in their order."""
    lines = text.rstrip().split("\n")
    orders: list[Order] = []
    while lines and len(orders) < MOST:
        line = lines[-1].strip()
        found = _ORDER.fullmatch(line)
        if line and not found:
            break
        if found:
            orders.insert(0, Order(found[1].lower(), (found[2] or "").strip()))
        lines.pop()
    return "\n".join(lines).rstrip(), orders
