"""Makes a clean picture out of whatever was uploaded, or nothing.

What is claimed of a file is not looked at, only its bytes. Every limit is checked on the header, before a pixel is
decoded; a large JPEG is decoded at half its size or less. The result is drawn from pixels alone: EXIF (with the place
where it was taken), thumbnails, colour profiles, comments and whatever hangs on behind stay where they are.
"""

import re
import struct
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from chalicelib.domain.photos import MOST_PIXELS

if TYPE_CHECKING:
    from PIL import Image

_JPEG_QUALITY = 85
_MODES = frozenset({"RGB", "RGBA", "L", "LA", "P"})
"""What cameras and screens make. 16 bits, CMYK and the rest are nobody's selfie."""
_ANIMATED = frozenset({"PNG", "WEBP"})
"""A JPEG may hold several pictures (MPO: phones put a depth map there): its first is the photo."""
_MOST_SCANS = 100
"""Of a progressive JPEG, which has about ten. Each is a walk over all pixels, and a few bytes may ask for it."""
_MOST_BITS = 8
_ORIENTATION = 0x0112
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}

_ACTIVE = re.compile(rb"<(?:script|html|svg|iframe|\?php|!doctype)[\s>/]", re.IGNORECASE)
_ZIP_END, _ZIP_END_WITHIN = b"PK\x05\x06", 22 + 65_535
_PDF, _PDF_WITHIN = b"%PDF-", 1024


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """``width`` and ``height`` are those of the upload, upright; ``content`` is a JPEG that may be smaller."""

    image: "Image.Image"
    content: bytes
    width: int
    height: int


def clean_picture(content: bytes, *, longest_edge: int) -> CleanPicture | None:
    """None where no plain picture can be made of it."""
    from PIL import Image

    if not _is_worth_opening(content):
        return None
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as opened:
            return _redrawn(opened, longest_edge) if _is_plain(opened) else None
    except (OSError, ValueError, SyntaxError, struct.error, Image.DecompressionBombError):
        return None  # OSError is also what Pillow raises for a picture it cannot identify, or one that ends too soon


def _is_worth_opening(content: bytes) -> bool:
    kind = _kind_of(content)
    if kind is None or _is_two_things(content):
        return False
    if kind == "JPEG":
        return content.count(b"\xff\xda") <= _MOST_SCANS
    if kind == "PNG":  # Pillow drops half of 16 bits a colour without a word
        return content[12:16] == b"IHDR" and content[24] <= _MOST_BITS
    # The decoder of WEBP makes room for the whole canvas as soon as it is opened.
    return _webp_pixels(content) <= MOST_PIXELS


def _kind_of(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def _is_two_things(content: bytes) -> bool:
    """A picture that is also a page, a script, an archive or a document: no camera makes one."""
    is_document = _PDF in content[:_PDF_WITHIN] or _ZIP_END in content[-_ZIP_END_WITHIN:]
    return is_document or _ACTIVE.search(content) is not None


def _webp_pixels(content: bytes) -> int:
    """As its first chunk says; more than any limit where it says nothing."""
    chunk, header = content[12:16], content[20:30]
    if len(header) < 10:
        return MOST_PIXELS + 1
    if chunk == b"VP8X":
        return _little(header[4:7], 1) * _little(header[7:10], 1)
    if chunk == b"VP8L":
        bits = int.from_bytes(header[1:5], "little")
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    return (_little(header[6:8]) & 0x3FFF) * (_little(header[8:10]) & 0x3FFF) if chunk == b"VP8 " else MOST_PIXELS + 1


def _little(number: bytes, more: int = 0) -> int:
    return int.from_bytes(number, "little") + more


def _is_plain(opened: "Image.Image") -> bool:
    is_animated = opened.format in _ANIMATED and getattr(opened, "n_frames", 1) > 1
    return opened.mode in _MODES and opened.width * opened.height <= MOST_PIXELS and not is_animated


def _redrawn(opened: "Image.Image", longest_edge: int) -> CleanPicture:
    from PIL import Image

    width, height, turn = opened.width, opened.height, _turn(opened)
    opened.draft("RGB", (longest_edge, longest_edge))  # of a JPEG only
    opened.thumbnail((longest_edge, longest_edge), Image.Resampling.LANCZOS)
    drawn = _on_white(opened)
    upright = drawn if turn is None else drawn.transpose(turn)
    # Drawn on an empty sheet: what Pillow remembers of the file (``info``) would be written along.
    sheet = Image.new("RGB", upright.size)
    sheet.paste(upright)
    clean = BytesIO()
    sheet.save(clean, "JPEG", quality=_JPEG_QUALITY)
    is_turned = (upright.width > upright.height) != (drawn.width > drawn.height)
    return CleanPicture(sheet, clean.getvalue(), *((height, width) if is_turned else (width, height)))


def _turn(opened: "Image.Image") -> "Image.Transpose | None":
    """By which the picture comes upright, as its EXIF says; nobody is refused for an EXIF that cannot be read."""
    from PIL import Image

    try:
        name = _TURNS.get(int(opened.getexif().get(_ORIENTATION, 1)))
    except Exception:  # Pillow raises many kinds there, and the picture itself is none the worse for it
        return None
    return Image.Transpose[name] if name else None


def _on_white(opened: "Image.Image") -> "Image.Image":
    """What is transparent shows nothing of the colours that lie beneath it."""
    from PIL import Image

    if opened.mode not in ("RGBA", "LA") and "transparency" not in opened.info:
        return opened.convert("RGB")
    layer = opened.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")
