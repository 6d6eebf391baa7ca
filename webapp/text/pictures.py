"""A person's picture until there is a better one: their initials on a colour of their own."""

from zlib import crc32

from markupsafe import escape

# White stands out from each by 5.6:1 at least. `static/css/tokens.css` has the same, as --hue-0 and so on.
HUES = (
    "#b53a58", "#b73e2a", "#985725", "#836224", "#6d6a0a", "#3d7409", "#237548",
    "#037468", "#2b707d", "#0c6ca8", "#4c5ec4", "#7c50b9", "#a6408a", "#6b6761",
)  # fmt: skip
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 96 96" role="img">'
    '<title>{name}</title><rect width="96" height="96" fill="{colour}"/>'
    '<text x="48" y="48" dy=".35em" text-anchor="middle" fill="#fff" font-family="system-ui, sans-serif"'
    ' font-size="36" font-weight="600">{initials}</text></svg>\n'
)


def hue(person_id: int) -> int:
    """The number of somebody's colour. People who came one after the other get colours that lie apart."""
    return person_id * 5 % len(HUES)


def initials(name: str) -> str:
    """The first letters of a name's first two words."""
    return "".join(_first(word).upper() for word in name.split()[:2])


def drawn(person_id: int, name: str) -> str:
    """The picture, as SVG."""
    shown = "".join(one for one in name if one.isprintable())
    return SVG.format(name=escape(shown), colour=HUES[hue(person_id)], initials=escape(initials(shown)))


def version(person_id: int, name: str) -> str:
    """What the picture's address ends with: another one as soon as the picture is another."""
    return f"{crc32(drawn(person_id, name).encode()):08x}"


def _first(word: str) -> str:
    """Its first letter or digit, whatever quotes or brackets stand before."""
    return next((one for one in word if one.isalnum()), word[:1])
