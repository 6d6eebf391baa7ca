"""Numbers as shapes: where bars, lines and areas are in a drawing. Knows no database and no web."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 400, 200
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 12, 24


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Scale:
    """A drawing of `many` places beside each other, and of values from nothing to `top`."""

    many: int
    top: float

    @property
    def ticks(self) -> list[tuple[float, float]]:
        """What to write at the axis of values, and how high."""
        values = (0, self.top / 2, self.top)
        return [(int(value) if value == int(value) else value, self.y(value)) for value in values]

    def x(self, place: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * place / max(self.many, 1), 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top, 1)

    def bar(self, place: int, value: float, part: int = 0, parts: int = 1) -> Bar:
        """A bar in its place, or in a part of it where several stand there."""
        room = 0.8 / parts
        left, right = (self.x(place + 0.1 + room * (part + side)) for side in (0, 1))
        return Bar(left, self.y(value), round(right - left, 1), round(self.y(0) - self.y(value), 1))

    def line(self, values: Sequence[float | None]) -> str:
        """The points of a line through the middles of places; one without a value is passed over."""
        points = ((self.x(place + 0.5), value) for place, value in enumerate(values))
        return " ".join(f"{x},{self.y(value)}" for x, value in points if value is not None)

    def area(self, below: Sequence[float], above: Sequence[float]) -> str:
        """The points of what is between two lines."""
        back = self.line(below).split()
        return " ".join([self.line(above), *reversed(back)])


def scale(many: int, *values: float | None) -> Scale:
    """One on which all values have room, up to a number that is easy to read."""
    return Scale(many, ceiling(max((value for value in values if value), default=0)))


def ceiling(value: float) -> float:
    """The next even number of few digits: 2, 4, 10, 20, 40, 100 and so on."""
    unit = 1
    while True:
        for step in (2, 4, 10):
            if value <= step * unit:
                return step * unit
        unit *= 10


def stacked(layers: Sequence[Sequence[int]]) -> list[list[int]]:
    """The upper edge of each layer, each on top of those before it."""
    edges, edge = [], [0] * (len(layers[0]) if layers else 0)
    for layer in layers:
        edge = [under + max(value, 0) for under, value in zip(edge, layer, strict=True)]
        edges.append(edge)
    return edges
