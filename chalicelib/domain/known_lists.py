"""Which lists there are: data (``known_lists.toml``). A new list is a new table there, not new code."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import ListName

_FILE = Path(__file__).parent / "known_lists.toml"


@dataclass(frozen=True, slots=True)
class KnownList:
    name: ListName
    body: str
    """Who issues it, unless the file's own notes say otherwise."""
    titles: Mapping[str, str]
    """By language: what people call it."""
    categories: frozenset[str]
    is_priority: bool = False
    """Whoever stands on it comes first, and is invited when they have not registered."""


@cache
def known_lists() -> Mapping[str, KnownList]:
    """By name, in the order of the file."""
    import tomllib  # read once per process, and not by the functions that need no list

    rows = tomllib.loads(_FILE.read_text("utf-8"))
    return {name: _known(name, row) for name, row in rows.items()}


def list_named(name: str) -> KnownList:
    found = known_lists().get(name)
    if found is None:
        raise InvalidInput("list_unknown", field="list", known=", ".join(known_lists()))
    return found


def _known(name: str, row: Mapping[str, object]) -> KnownList:
    categories, titles = row["categories"], row["titles"]
    if not isinstance(categories, list) or not isinstance(titles, dict):
        raise TypeError(name)
    return KnownList(ListName(name), str(row["body"]), titles, frozenset(categories), bool(row.get("is_priority")))
