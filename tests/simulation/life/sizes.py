"""How much happens in a town. Most are small, because most accidents need one person, or two who meet."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Size:
    """``people`` and ``surveys`` (that somebody fills): each number as likely. The others are shares: of towns with a
    ``second_wave``; of waves that pay ``by_month``; of people who are ``moving`` to another account."""

    people: tuple[int, ...]
    surveys: tuple[int, ...] = (0,)
    second_wave: float = 0.0
    by_month: float = 0.0
    moving: float = 0.0


SMALL = Size((1, 1, 1, 2))
LARGE = Size((2, 2, 2, 3, 3, 4, 5), surveys=(0, 0, 1, 2, 3), second_wave=0.4, by_month=0.15, moving=0.3)
PLAIN = Size((3,), surveys=(1,), moving=1.0)
ON_MOTO = Size((1, 1, 2), surveys=(0, 0, 1), second_wave=0.1, moving=0.2)
_LARGE_SHARE = 0.15


def some_size(chance: Random) -> Size:
    return LARGE if chance.random() < _LARGE_SHARE else SMALL
