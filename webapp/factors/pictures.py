"""The picture that an app reads: a QR code, drawn into the page, so that no other address learns what is in it."""

from markupsafe import Markup


def qr(text: str) -> Markup:
    """The code as SVG, dark on light in any appearance: readers need that."""
    import segno  # only here: few processes ever draw one

    drawn = segno.make(text, error="m").svg_inline(scale=4, light="#fff", border=4, omitsize=False)
    return Markup(drawn)  # noqa: S704  # segno's own drawing: no word of the text is in it
