"""Files that nobody took with a camera."""

import struct
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

FACE = (Path(__file__).parents[1] / "pictures" / "astronaut.jpg").read_bytes()
PADDING = b"\0" * 12_000
"""So that no file is refused for being small."""


def face() -> Image.Image:
    return Image.open(BytesIO(FACE)).convert("RGB")


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    content = BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_flood(width: int, height: int) -> bytes:
    """Zeroes compress a thousandfold."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(50_000_000), 9)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"tEXt", PADDING) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A picture with a comment that unpacks to 100 MB."""
    whole = saved(Image.new("RGB", (400, 400)), "PNG")
    comment = b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9)
    return whole[:33] + chunk(b"zTXt", comment) + whole[33:]


def webp_flood() -> bytes:
    """A header that claims 16,383 by 16,383; the decoder would make room for 2 GB."""
    canvas = b"\0" * 4 + (16_382).to_bytes(3, "little") * 2
    content = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + saved(face(), "WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(content)) + content


def jpeg_flood() -> bytes:
    """The height in the frame's header, changed to 65,500 (its width to as much)."""
    place = FACE.index(b"\xff\xc0")
    return FACE[: place + 5] + struct.pack(">HH", 65_500, 65_500) + FACE[place + 9 :]


def many_scans() -> bytes:
    scans = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00" * 500
    return FACE[:-2] + scans + FACE[-2:]


def frames(kind: str) -> bytes:
    pictures = [face(), face().transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    return saved(pictures[0], kind, save_all=True, append_images=pictures[1:])


def heic() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + PADDING


def png_of_sixteen_bits() -> bytes:
    header = struct.pack(">IIBBBBB", 400, 400, 16, 2, 0, 0, 0)
    rows = zlib.compress(bytes((400 * 6 + 1) * 400))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "zeroes": lambda: bytes(20_000),
    "text": lambda: b"This is no picture. " * 1_000,
    "pdf": lambda: b"%PDF-1.7\n" + PADDING,
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>" + PADDING,
    "html": lambda: b"<!DOCTYPE html><script>alert(1)</script>" + PADDING,
    "zip": lambda: b"PK\x03\x04" + PADDING,
    "gif": lambda: saved(face(), "GIF"),
    "bmp": lambda: saved(face(), "BMP"),
    "tiff": lambda: saved(face(), "TIFF"),
    "heic": heic,
    "wrong magic": lambda: b"\xff\xd9" + FACE[2:],
    "magic alone": lambda: b"\xff\xd8\xff" + PADDING,
    "png magic alone": lambda: b"\x89PNG\r\n\x1a\n" + PADDING,
    "webp magic alone": lambda: b"RIFF\0\0\0\0WEBP",
    "truncated jpeg": lambda: FACE[: len(FACE) // 2],
    "truncated png": lambda: saved(face(), "PNG")[:60_000],
    "truncated webp": lambda: saved(face(), "WEBP", lossless=True)[:60_000],
    "png flood": lambda: png_flood(60_000, 60_000),
    "png just too large": lambda: png_flood(6_000, 4_001),
    "png text bomb": text_bomb,
    "webp flood": webp_flood,
    "jpeg flood": jpeg_flood,
    "jpeg of 500 scans": many_scans,
    "animated png": lambda: frames("PNG"),
    "animated webp": lambda: frames("WEBP"),
    "16 bits of grey": lambda: saved(Image.new("I;16", (400, 400)), "PNG"),
    "16 bits a colour": png_of_sixteen_bits,
    "cmyk": lambda: saved(face().convert("CMYK")),
    "one bit": lambda: saved(face().convert("1"), "PNG") + PADDING,
    "jpeg that is a page": lambda: FACE[:20] + b"<html><script>alert(1)</script>" + FACE[20:],
    "jpeg with a page behind": lambda: FACE + b"<script>alert(1)</script>",
    "jpeg with a script behind": lambda: FACE + b"<?php system($_GET['c']); ?>",
    "jpeg with an archive behind": lambda: FACE + b"PK\x03\x04" + PADDING + b"PK\x05\x06" + bytes(18),
    "page with a jpeg behind": lambda: b"<html>" + FACE,
    "document with a jpeg behind": lambda: b"%PDF-1.4" + FACE,
    "jpeg that is a document": lambda: FACE[:20] + b"%PDF-1.4" + FACE[20:],
}


def with_everything() -> bytes:
    """As a phone writes it: where it was taken, a thumbnail, a profile, a comment; and laid on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Pembuat", 6
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 12.0, 30.5), 3: "E", 4: (106.0, 49.0, 1.0)})
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0rahasia"
    sideways = face().transpose(Image.Transpose.ROTATE_90)
    options: dict[str, Any] = {
        "icc_profile": b"profil" * 50,
        "comment": b"catatan rahasia",
        "xmp": b"<x:xmpmeta>rahasia</x:xmpmeta>",
    }
    return saved(sideways, exif=exif.tobytes(), quality=95, **options)
