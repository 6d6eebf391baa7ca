"""Pictures in a text: ours are shown small, those of other sites are links, or shown by way of this site."""

from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from webapp.text import attached, elsewhere
from webapp.text.foreign import mark_foreign

# A tag in the words of an image has not been paired.
_WORDS = {"text", "code_inline", "tag"}
_SIZES = ("width", "height")


def dress_image(image: Token, *, linked: bool, sources: Sequence[Token] = ()) -> Iterator[Token]:
    """What stands for an image; `linked` says that it stands in a link, `sources` are pictures for other themes."""
    href, src = _places(image)
    if not src:
        yield from _words_of(image) if linked or not elsewhere.is_linked() else _link_to(image)
        return
    if not linked:
        opening = Token("link_open", "a", 1, attrs={"href": href, "class": "picture"})
        mark_foreign(opening)
        yield opening
    yield from _shown(_picture(image, src), sources)
    if not linked:
        yield Token("link_close", "a", -1)


def words_of(image: Token) -> str:
    """What says the same as the image."""
    alt = "".join(child.content for child in image.children or [] if child.type in _WORDS)
    return alt.strip() or _file_name(str(image.attrGet("src") or ""))


def _places(image: Token) -> tuple[str, str]:
    """Where the whole picture is, and where the one to show; the latter is empty if none is shown."""
    address = str(image.attrGet("src") or "")
    file = attached.read(address)
    if file is not None and file.is_picture:
        return address.partition("?")[0], file.thumbnail
    return address, elsewhere.shown_at(address) or ""


def _picture(image: Token, src: str) -> Token:
    """With its size, as far as it is known, so that the page does not jump when it comes."""
    file = attached.read(str(image.attrGet("src") or ""))
    attrs: dict[str, str | int | float] = {"src": src, "alt": words_of(image)}
    attrs |= _size(file, {name: image.meta[name] for name in _SIZES if name in image.meta})
    return Token("picture", "img", 0, attrs=attrs | {"loading": "lazy"})


def _size(file: attached.Attached | None, wanted: dict[str, int]) -> dict[str, str]:
    if file is None or len(wanted) == 2:
        return {name: str(wanted[name]) for name in wanted}
    width, height = file.shown_size
    if "width" in wanted:
        width, height = wanted["width"], max(1, round(file.height * wanted["width"] / file.width))
    elif "height" in wanted:
        width, height = max(1, round(file.width * wanted["height"] / file.height)), wanted["height"]
    return {"width": str(width), "height": str(height)}


def _shown(picture: Token, sources: Sequence[Token]) -> Iterator[Token]:
    others = [(one.meta["media"], src) for one in sources if (src := _places(one)[1])]
    if others:
        yield Token("picture_open", "picture", 1)
    for media, src in others:
        yield Token("source", "source", 0, attrs={"media": f"(prefers-color-scheme: {media})", "srcset": src})
    yield picture
    if others:
        yield Token("picture_close", "picture", -1)


def _link_to(image: Token) -> Iterator[Token]:
    """A link says where it is, a broken frame would not."""
    href = str(image.attrGet("src") or "")
    if href:
        link = Token("link_open", "a", 1, attrs={"href": href, "class": "image-link"})
        mark_foreign(link)
        yield link
    yield from _words_of(image)
    if href:
        yield Token("link_close", "a", -1)


def _words_of(image: Token) -> Iterator[Token]:
    yield Token("text", "", 0, content=words_of(image))


def _file_name(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "image"
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc or "image"
