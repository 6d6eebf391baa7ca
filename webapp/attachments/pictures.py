"""What an uploaded file is, by what is in it and never by its name; pictures are made small and say less."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PIL import Image, ImageOps

from webapp.attachments.metadata import stripped
from webapp.gates import Gate
from webapp.i18n import N_
from webapp.text.attached import HIGH, WIDE

# Only these are ever shown in a page: pictures that a browser cannot run.
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
# How the files of these begin.
_BEGINNINGS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
# So many pixels a picture may say that it has, and so many it may take to decode: a JPEG can be decoded small.
MAX_PIXELS, DECODED = 40_000_000, 16_000_000
# Cameras write one scan, progressive pictures ten. Each goes over all pixels, however short it is.
SCANS = 50
# Up to here the picture itself is as good as a small one.
SMALL = 100_000
UNKNOWN = "application/octet-stream"
Read = TypeVar("Read")
Size = tuple[int, int]
_ORIENTATION = 0x0112

# Nothing is decoded that was not found bearable; of the others only the beginning is read.
Image.MAX_IMAGE_PIXELS = None
# A picture of 16 megapixels takes 64 MB and a quarter of a second of a core.
gate = Gate(1, patience=2.0, refusal=N_("Other pictures are being read at the moment. Try again in a few seconds."))


@dataclass(frozen=True, slots=True)
class Picture:
    media_type: str
    width: int
    height: int
    orientation: int
    thumbnail: bytes | None


def looked_at(path: Path) -> Picture | None:
    """The picture that the file is; None for all else, and for one that is broken or enormous.

    Raises Unavailable while others are being read.
    """
    return _read(path, _twice_its_thumbnail, lambda image, size: _picture(image, size, path.stat().st_size))


def without_metadata(path: Path, picture: Picture) -> bytes | None:
    """The picture's file without what it tells beside the picture; None if it cannot be taken out."""
    try:
        clean = stripped(path.read_bytes(), picture.media_type, picture.orientation)
        with Image.open(io.BytesIO(clean), formats=tuple(TYPES)) as image:
            return clean if _media_type(image) == picture.media_type else None
    except Exception:
        return None


def bare(path: Path) -> bytes | None:
    """The file of a picture that is too large to be shown, without what it tells beside it; None for all else."""
    try:
        with Image.open(path, formats=tuple(TYPES)) as image:
            media_type = _media_type(image)
            # Only in a JPEG the turn stays, and of a PNG Pillow would decode all to look for it.
            turn = _orientation(image) if media_type == "image/jpeg" else 1
            return stripped(path.read_bytes(), media_type, turn)
    except Exception:
        return None


def square(path: Path, side: int) -> bytes | None:
    """The middle of the picture as a small square; None if it is no picture.

    Raises Unavailable while others are being read.
    """
    return _read(
        path, lambda _: (side * 2, side * 2), lambda image, _: _webp(ImageOps.fit(_upright(image), (side, side)))
    )


def type_of(path: Path) -> str:
    """The type of a file that is no picture. It is only ever downloaded, so few need a name."""
    with path.open("rb") as file:
        return "application/pdf" if file.read(5) == b"%PDF-" else UNKNOWN


def _read(path: Path, needed: Callable[[Size], Size], of: Callable[[Image.Image, Size], Read]) -> Read | None:
    """What is made of the picture and its size, if it can be decoded at a bearable cost.

    `needed` says how large a picture of a size must be decoded at least.
    """
    with path.open("rb") as file:
        if not file.read(8).startswith(_BEGINNINGS):
            return None
    with gate.turn():
        try:
            with Image.open(path, formats=tuple(TYPES)) as image:
                size = image.size
                return of(image, size) if _is_bearable(image, path, needed(size)) else None
        except Exception:
            # Pillow raises a dozen kinds for files that are no pictures. Such a file is kept, but not shown.
            return None


def _is_bearable(image: Image.Image, path: Path, needed: Size) -> bool:
    """Whether it may be decoded. A JPEG is made smaller on the way, unless it is progressive."""
    said = image.width * image.height
    if said > MAX_PIXELS or (_media_type(image) == "image/jpeg" and path.read_bytes().count(b"\xff\xda") > SCANS):
        return False
    image.draft("RGB", needed)
    return (said if "progressive" in image.info else image.width * image.height) <= DECODED


def _media_type(image: Image.Image) -> str:
    """Pillow calls a JPEG with further pictures behind it MPO. Telephones take such; to all others it is one."""
    return TYPES["JPEG" if image.format == "MPO" else image.format or ""]


def _orientation(image: Image.Image) -> int:
    """How it is turned, in Exif's numbers."""
    number = image.getexif().get(_ORIENTATION, 1)
    return number if number in range(1, 9) else 1


def _twice_its_thumbnail(size: Size) -> Size:
    """In whichever direction it is turned."""
    width, height = size
    scale = 2 * max(min(WIDE / width, HIGH / height), min(WIDE / height, HIGH / width))
    return int(width * scale), int(height * scale)


def _picture(image: Image.Image, size: Size, length: int) -> Picture:
    media_type, orientation = _media_type(image), _orientation(image)
    width, height = size if orientation < 5 else size[::-1]
    small = _upright(image)
    needed = width > WIDE or height > HIGH or length > SMALL
    small.thumbnail((WIDE, HIGH))
    return Picture(media_type, width, height, orientation, _webp(small) if needed else None)


def _upright(image: Image.Image) -> Image.Image:
    """The first frame, decoded, turned as it is meant, and without anything but its pixels."""
    image.load()
    turned = ImageOps.exif_transpose(image)
    has_alpha = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
    return turned.convert("RGBA" if has_alpha else "RGB")


def _webp(image: Image.Image) -> bytes:
    image.info.clear()  # what is saved takes Exif and profile from there
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80)
    return out.getvalue()
