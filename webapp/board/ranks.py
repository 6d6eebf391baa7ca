"""Keys that order cards: between any two of them there is always room for a third.

A key is a fraction of one, written in digits whose order is that of their bytes. A key never ends with the
lowest digit, so that there is room before it as well.
"""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
# Beyond this length a neighbourhood is given new keys. It takes some thousand moves to the same place.
LONGEST = 100


def rank(low: str, high: str | None, number: int) -> str:
    """A key for an issue between those of its neighbours; "" and None stand for the ends of the column.

    It ends with the issue's number, so that two people who move two cards to the same place at the same
    moment give them two keys. Raises ValueError where there is no room, which is between equal keys.
    """
    return between(low, high) + _digits(number) + DIGITS[BASE // 2]


def between(low: str, high: str | None) -> str:
    """The beginning of a key between two others: whatever follows it, that is still between them.

    Beside an open end it goes a small step, as most moves are to the ends: a digit lasts for sixty of them.
    """
    if high is None:
        return _after(low)
    if low >= high:
        fault = f"There is nothing between {low!r} and {high!r}."
        raise ValueError(fault)
    shared = next((place for place, digit in enumerate(high) if low[place : place + 1] != digit), 0)
    head, low, high = high[:shared], low[shared:], high[shared:]
    if not low:
        return head + _before(high)
    first, last = DIGITS.index(low[0]), DIGITS.index(high[0])
    if last - first > 1:
        return head + DIGITS[(first + last) // 2]
    return head + low[0] + _after(low[1:])


def spread(low: str, high: str | None, count: int) -> list[str]:
    """As many keys between two others, one after the other."""
    if count == 0:
        return []
    middle = between(low, high)
    return [*spread(low, middle, count // 2), middle, *spread(middle, high, count - count // 2 - 1)]


def _after(low: str) -> str:
    """A little after a key, with nothing behind it."""
    full = len(low) - len(low.lstrip(DIGITS[-1]))
    place = DIGITS.index(low[full]) if full < len(low) else 0
    return low[:full] + DIGITS[place + 1]


def _before(high: str) -> str:
    """A little before a key, with nothing in front of it."""
    empty = len(high) - len(high.lstrip(DIGITS[0]))
    place = DIGITS.index(high[empty])
    return high[:empty] + (DIGITS[place - 1] if place > 1 else DIGITS[0] + DIGITS[-1])


def _digits(number: int) -> str:
    written = ""
    while number:
        number, digit = divmod(number, BASE)
        written = DIGITS[digit] + written
    return written
