"""Files to upload, made on the spot."""

import io

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 480), **options) -> bytes:
    """A picture that does not compress to nothing."""
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def photograph(kind: str = "JPEG", orientation: int = 6) -> bytes:
    """As a telephone takes it: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, "in the garden"
    exif.get_ifd(0x8825)[2] = (48.0, 12.0, 30.0)
    return picture(kind, exif=exif.tobytes())


def with_further_pictures() -> bytes:
    """As many telephones take it: a JPEG that has another one behind it, each with the place."""
    exif = Image.Exif()
    exif[0x010E] = "in the garden"
    shot = Image.effect_noise((640, 480), 40).convert("RGB")
    out = io.BytesIO()
    shot.save(out, "MPO", save_all=True, append_images=[shot.copy()], exif=exif.tobytes())
    return out.getvalue()


def vast() -> bytes:
    """A whole PNG of 9,000 x 9,000 pixels, in some ten thousand bytes."""
    out = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(out, "PNG")
    return out.getvalue()


def enormous() -> bytes:
    """A PNG that says it has 50,000 x 50,000 pixels."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )
