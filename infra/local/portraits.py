"""Drawn people for the laptop: as many different faces as there are people, found by a detector of faces, readable as
photos are, and made in milliseconds. Below each selfie stands a mark, by which the population registry's stand-in tells
whose it is: metadata would not outlive the cleaning.
"""

import io
import random
import zlib

from PIL import Image, ImageDraw, ImageFilter

_MARK_BITS = 24
_GUARD = (1, 0, 1, 0, 0, 1, 0, 1)
"""Before the mark: without it there is none."""
_CELLS = len(_GUARD) + _MARK_BITS
_STRIP = 0.04
"""Of the picture's height."""
_GRAIN = 0.06
Box = tuple[float, float, float, float]


def mark_of(nik: str) -> int:
    return zlib.crc32(nik.encode()) & ((1 << _MARK_BITS) - 1)


def selfie(nik: str) -> bytes:
    """The same person is drawn the same."""
    chance = random.Random(nik)
    sheet = _background(chance, (360, 480))
    width = chance.randrange(150, 200)
    _draw_person(ImageDraw.Draw(sheet), chance, (360 - width) // 2 + chance.randrange(-30, 30), width)
    sheet = _photographed(sheet, chance)
    _draw_mark(sheet, mark_of(nik))
    return _jpeg(sheet)


def id_card(nik: str) -> bytes:
    """Lines of print on light blue, and a portrait at the right."""
    chance = random.Random(nik)
    sheet = Image.new("RGB", (640, 404), (176, 205, 226))
    pen = ImageDraw.Draw(sheet)
    pen.text((180, 16), "PROVINSI DKI JAKARTA", fill=(20, 20, 30), font_size=22)
    for line in range(11):
        text = "".join(chance.choice("ABCDEFGHIJKLMNOPRSTUWY 0123456789") for _ in range(26))
        pen.text((24, 60 + line * 29), f"{'NIK' if line == 0 else 'Isi'}: {text}", fill=(20, 20, 30), font_size=20)
    portrait = Image.new("RGB", (360, 480), (170, 40, 40))
    _draw_person(ImageDraw.Draw(portrait), chance, 90, 180)
    sheet.paste(portrait.resize((150, 200)), (470, 90))
    return _jpeg(_photographed(sheet, chance))


def mark_in(picture: bytes) -> int | None:
    """The mark of a selfie that was drawn here, however it was saved since; None where there is none."""
    with Image.open(io.BytesIO(picture)) as opened:
        grey = opened.convert("L")
    row = int(grey.height * (1 - _STRIP / 2))
    cells = [_is_white(grey, (place + 0.5) / _CELLS, row) for place in range(_CELLS)]
    if tuple(cells[: len(_GUARD)]) != _GUARD:
        return None
    return int("".join(map(str, cells[len(_GUARD) :])), 2)


def _is_white(grey: Image.Image, across: float, row: int) -> int:
    value = grey.getpixel((int(grey.width * across), row))
    return int(isinstance(value, int) and value > 127)


def _draw_mark(sheet: Image.Image, mark: int) -> None:
    pen, cell = ImageDraw.Draw(sheet), sheet.width / _CELLS
    top = int(sheet.height * (1 - _STRIP))
    for place, bit in enumerate((*_GUARD, *(mark >> shift & 1 for shift in reversed(range(_MARK_BITS))))):
        box = (int(place * cell), top, int((place + 1) * cell), sheet.height)
        pen.rectangle(box, fill=(240,) * 3 if bit else (15,) * 3)


def _background(chance: random.Random, size: tuple[int, int]) -> Image.Image:
    """A room out of focus, another for everybody."""
    colours = bytes(chance.randrange(60, 200) for _ in range(6 * 8 * 3))
    return Image.frombytes("RGB", (6, 8), colours).resize(size, Image.Resampling.BICUBIC)


def _photographed(sheet: Image.Image, chance: random.Random) -> Image.Image:
    """Lens and grain; grain does not compress away, so that it weighs what a photo weighs."""
    grain = Image.frombytes("L", sheet.size, chance.randbytes(sheet.width * sheet.height))
    return Image.blend(sheet.filter(ImageFilter.GaussianBlur(0.6)), Image.merge("RGB", (grain,) * 3), _GRAIN)


def _draw_person(pen: ImageDraw.ImageDraw, chance: random.Random, left: int, width: int) -> None:
    top, height = 90 + chance.randrange(-20, 30), int(width * 1.3)
    light = chance.randrange(150, 215)
    skin, shade = (light, int(light * 0.8), int(light * 0.65)), (int(light * 0.75), int(light * 0.6), int(light * 0.5))
    hair, shirt = (chance.randrange(20, 60),) * 3, (chance.randrange(40, 220), chance.randrange(40, 220), 120)

    def place(box: Box) -> Box:
        return left + width * box[0], top + height * box[1], left + width * box[2], top + height * box[3]

    pen.rounded_rectangle((left - 60, top + height - 10, left + width + 60, 520), 50, fill=shirt)
    pen.rectangle(place((0.35, 0.85, 0.65, 1.1)), fill=shade)
    pen.ellipse(place((-0.05, -0.1, 1.05, 0.8)), fill=hair)
    pen.ellipse(place((0, 0, 1, 1)), fill=skin)
    for eye in (0.3, 0.7):
        pen.rectangle(place((eye - 0.13, 0.31, eye + 0.13, 0.35)), fill=hair)
        pen.ellipse(place((eye - 0.14, 0.36, eye + 0.14, 0.48)), fill=shade)
        pen.ellipse(place((eye - 0.09, 0.385, eye + 0.09, 0.455)), fill=(225, 225, 225))
        pen.ellipse(place((eye - 0.05, 0.385, eye + 0.05, 0.455)), fill=(30, 20, 20))
    pen.ellipse(place((0.42, 0.6, 0.58, 0.67)), fill=shade)
    pen.ellipse(place((0.3, 0.74, 0.7, 0.82)), fill=(150, 70, 70))


def _jpeg(sheet: Image.Image) -> bytes:
    picture = io.BytesIO()
    sheet.save(picture, "JPEG", quality=88)
    return picture.getvalue()
