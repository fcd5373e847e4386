"""Between a domain dataclass and an item's attributes of the same names."""

from dataclasses import fields
from datetime import timedelta
from typing import Any, TypeVar

from cattrs.preconf.json import make_converter

from chalicelib.adapters.storage.items import Item
from chalicelib.domain.money import Rupiah

_converter = make_converter()
_converter.register_unstructure_hook(timedelta, lambda span: int(span.total_seconds()))
_converter.register_structure_hook(timedelta, lambda seconds, _: timedelta(seconds=seconds))
_converter.register_unstructure_hook(Rupiah, int)
_converter.register_structure_hook(Rupiah, lambda amount, _: Rupiah(int(amount)))

T = TypeVar("T")


def to_fields(value: Any, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """JSON-like values by field name: moments and days as ISO 8601, money as whole rupiah. None is left out."""
    plain = _converter.unstructure(value)
    return {name: each for name, each in plain.items() if each is not None and name not in without}


def from_fields(kind: type[T], item: Item, **known: Any) -> T:
    """The dataclass again; ``known`` are values that the item does not hold in the clear."""
    stored = item.attribute_values
    plain = {each.name: stored[each.name] for each in fields(kind) if each.name in stored}  # type: ignore[arg-type]
    return _converter.structure(plain | known, kind)


def plain(value: Any) -> Any:
    """Any domain value as JSON-like values."""
    return _converter.unstructure(value)


def structured(kind: type[T], plain: Any) -> T:
    return _converter.structure(plain, kind)
