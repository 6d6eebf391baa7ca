"""Numbers become marks on a sheet: where each bar, band, line and point is. Units are those of the viewBox."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, log10

from webapp.i18n.formats import count

WIDTH, HEIGHT = 640, 190
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 24


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape: its SVG path, what kind of thing it stands for, what it says, and where it leads."""

    path: str
    kind: str
    says: str = ""
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A number or a date at an axis."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in the table beside a chart, and the list that it counts."""

    text: str
    at: str | None = None


@dataclass(slots=True)
class Chart:
    """A drawing with its words: `says` sums it up, `legend` names the kinds of marks, `rows` tell all numbers."""

    title: str
    says: str
    legend: Sequence[Mark]
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    marks: list[Mark] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    dates: list[Tick] = field(default_factory=list)
    lines: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The room for `number` stretches side by side, and for values up to `top`."""

    number: int
    top: float

    def left(self, at: float) -> float:
        """Where a stretch begins."""
        return LEFT + (WIDTH - LEFT - RIGHT) * at / self.number

    def level(self, value: float) -> float:
        """How far down a value is."""
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top

    def bar(self, at: int, value: float, part: int, parts: int) -> str:
        """One of several bars of a stretch."""
        room = self.left(1) - self.left(0)
        width = room * 0.84 / parts
        x = self.left(at) + room * 0.08 + width * part
        return f"M{x:.1f} {self.level(0):.1f}V{self.level(value):.1f}h{width:.1f}V{self.level(0):.1f}z"

    def band(self, below: Sequence[float], above: Sequence[float]) -> str:
        """What lies between two lines."""
        there = [f"{self.left(at + 0.5):.1f} {self.level(value):.1f}" for at, value in enumerate(above)]
        back = [f"{self.left(at + 0.5):.1f} {self.level(value):.1f}" for at, value in enumerate(below)]
        return f"M{'L'.join(there)}L{'L'.join(reversed(back))}z"

    def line(self, values: Sequence[float | None]) -> str:
        """A line through the values, broken where there is none."""
        pieces, pen = [], "M"
        for at, value in enumerate(values):
            if value is None:
                pen = "M"
                continue
            pieces.append(f"{pen}{self.left(at + 0.5):.1f} {self.level(value):.1f}")
            pen = "L"
        return "".join(pieces)

    def point(self, at: int, value: float, kind: int) -> str:
        """A mark on a line: a disc, or a square for the second line."""
        x, y = self.left(at + 0.5), self.level(value)
        if kind:
            return f"M{x - 3:.1f} {y - 3:.1f}h6v6h-6z"
        return f"M{x - 3.5:.1f} {y:.1f}a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z"


def round_top(values: Sequence[float]) -> float:
    """A round number that is no less than any of the values."""
    most = max(values, default=0)
    if most <= 4:
        return 4
    unit = 10 ** int(log10(most))
    return float(next(part * unit for part in (1, 2, 4, 5, 8, 10) if part * unit >= ceil(most)))


def shown(value: float) -> str:
    """A number as it stands at an axis or in a table."""
    return count(int(value) if value == int(value) else round(value, 1))
