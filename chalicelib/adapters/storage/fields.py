"""Between a domain dataclass and an item's attributes of the same names.

Writing is done here, reading by cattrs: a worker's first work is to write, and to import cattrs is a tenth of its
start.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache, singledispatch
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.adapters.storage.items import Item
from chalicelib.domain.money import Rupiah

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")


def to_fields(value: Any, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """JSON-like values by field name: moments and days as ISO 8601, money as whole rupiah. None is left out."""
    wanted = {name: each for name, each in _by_name(value) if name not in without}
    return {name: plain(each) for name, each in wanted.items() if each is not None}


def from_fields(kind: type[T], item: Item, **known: Any) -> T:
    """The dataclass again; ``known`` are values that the item does not hold in the clear."""
    stored = item.attribute_values
    found = {each.name: stored[each.name] for each in fields(kind) if each.name in stored}  # type: ignore[arg-type]
    return structured(kind, found | known)


@singledispatch
def plain(value: Any) -> Any:
    """Any domain value as JSON-like values."""
    return {name: plain(each) for name, each in _by_name(value)} if is_dataclass(value) else value


plain.register(Enum, lambda value: value.value)
plain.register(date, lambda value: value.isoformat())
plain.register(timedelta, lambda span: int(span.total_seconds()))
plain.register(Rupiah, int)
plain.register(Mapping, lambda value: {plain(name): plain(each) for name, each in value.items()})
for _several in (list, tuple, set, frozenset):
    plain.register(_several, lambda value: [plain(each) for each in value])


def structured(kind: type[T], plain: Any) -> T:
    return _converter().structure(plain, kind)


def _by_name(value: Any) -> list[tuple[str, Any]]:
    return [(each.name, getattr(value, each.name)) for each in fields(value)]


@cache
def _converter() -> "Converter":
    from cattrs.preconf.json import make_converter

    made = make_converter()
    made.register_structure_hook(timedelta, lambda seconds, _: timedelta(seconds=seconds))
    made.register_structure_hook(Rupiah, lambda amount, _: Rupiah(int(amount)))
    return made
