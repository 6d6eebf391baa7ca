"""What an uploaded file is, by what is in it and never by its name; pictures are made small and say less."""

import io
import threading
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from webapp.attachments.metadata import stripped
from webapp.text.attached import HIGH, WIDE

# Only these are ever shown in a page: pictures that a browser cannot run.
TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
MAX_PIXELS = 40_000_000
# Up to here the picture itself is as good as a small one.
SMALL = 100_000
UNKNOWN = "application/octet-stream"
_ORIENTATION = 0x0112

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# A picture of 40 megapixels takes 160 MB while it is open: one at a time.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    media_type: str
    width: int
    height: int
    orientation: int
    thumbnail: bytes | None


def looked_at(path: Path) -> Picture | None:
    """The picture that the file is; None for all else, and for one that is broken or enormous."""
    try:
        with _one_at_a_time, Image.open(path, formats=tuple(TYPES)) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            return _picture(image, path.stat().st_size)
    except Exception:
        # Pillow raises a dozen kinds for files that are no pictures. Such a file is kept, but not shown.
        return None


def without_metadata(path: Path, picture: Picture) -> bytes | None:
    """The picture's file without what it tells beside the picture; None if it cannot be taken out."""
    try:
        clean = stripped(path.read_bytes(), picture.media_type, picture.orientation)
        with Image.open(io.BytesIO(clean), formats=tuple(TYPES)) as image:
            return clean if TYPES.get(image.format or "") == picture.media_type else None
    except Exception:
        return None


def square(path: Path, side: int) -> bytes | None:
    """The middle of the picture as a small square; None if it is no picture."""
    try:
        with _one_at_a_time, Image.open(path, formats=tuple(TYPES)) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            image.draft("RGB", (side * 2, side * 2))
            return _webp(ImageOps.fit(_upright(image), (side, side)))
    except Exception:
        return None


def type_of(path: Path) -> str:
    """The type of a file that is no picture. It is only ever downloaded, so few need a name."""
    with path.open("rb") as file:
        return "application/pdf" if file.read(5) == b"%PDF-" else UNKNOWN


def _picture(image: Image.Image, size: int) -> Picture:
    media_type, orientation = TYPES[image.format or ""], image.getexif().get(_ORIENTATION, 1)
    orientation = orientation if orientation in range(1, 9) else 1
    width, height = image.size if orientation < 5 else image.size[::-1]
    image.draft("RGB", (WIDE * 2, HIGH * 2))  # JPEG only: decodes it small at once
    small = _upright(image)
    needed = width > WIDE or height > HIGH or size > SMALL
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
