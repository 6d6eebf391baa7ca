"""Takes out of pictures what they tell beside the picture: where, when and with what it was taken.

The picture itself stays as it is, byte for byte. Of what cameras write only the turn of the picture is kept,
without which a browser would show it lying on its side.
"""

import re
import struct
from collections.abc import Callable, Iterator

# In the data of a JPEG scan a marker's byte is followed by 0 or by a restart's number.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG_DROPPED = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")
_WEBP_DROPPED = (b"EXIF", b"XMP ")


def stripped(data: bytes, media_type: str, orientation: int) -> bytes:
    """The picture without its metadata. Raises ValueError or struct.error for one that is not well-formed."""
    return STRIPPERS[media_type](data, orientation)


def _jpeg(data: bytes, orientation: int) -> bytes:
    kept = [b"\xff\xd8", _turned(orientation) if orientation > 1 else b""]
    kept += [part for part in _jpeg_parts(data) if not _tells_too_much(part)]
    return b"".join(kept)


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    """The segments after the first marker, each scan with its data; nothing of what follows the end."""
    at = 2
    while (kind := data[at : at + 2]) != b"\xff\xd9":
        if len(kind) < 2 or kind[0] != 0xFF:
            raise ValueError  # no marker where one must be
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if kind == b"\xff\xda":
            match = _MARKER.search(data, end)
            end = match.start() if match else len(data)
        yield data[at:end]
        at = end
    yield kind


def _tells_too_much(segment: bytes) -> bool:
    """Exif and XMP, Photoshop's, comments, and the list of further pictures behind this one."""
    return segment[1] in (0xE1, 0xED, 0xFE) or (segment[1] == 0xE2 and segment[4:8] == b"MPF\0")


def _turned(orientation: int) -> bytes:
    """An Exif segment that says nothing but how the picture is turned."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"II*\0" + struct.pack("<IH", 8, 1) + entry + struct.pack("<I", 0)
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff


def _png(data: bytes, _: int) -> bytes:
    kept, at = [data[:8]], 8
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if kind not in _PNG_DROPPED:
            kept.append(data[at : at + size + 12])
        at += size + 12
        if kind == b"IEND":
            break
    return b"".join(kept)


def _webp(data: bytes, _: int) -> bytes:
    kept, at, end = [], 12, 8 + struct.unpack_from("<I", data, 4)[0]
    while at < min(end, len(data)):
        kind, size = struct.unpack_from("<4sI", data, at)
        chunk = data[at : at + 8 + size + size % 2]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0b1100]) + chunk[9:]  # no Exif, no XMP
        if kind not in _WEBP_DROPPED:
            kept.append(chunk)
        at += 8 + size + size % 2
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


STRIPPERS: dict[str, Callable[[bytes, int], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": lambda data, _: data,
}
