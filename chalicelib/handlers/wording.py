"""The words that people read, by stable code and language. Bahasa Indonesia first."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chalicelib.domain.mail import Language

_FOLDER = Path(__file__).parents[1] / "web" / "locale"


def language_of(accept_language: str | None) -> Language:
    """The first of our languages that ``Accept-Language`` names; Indonesian when it names none."""
    for part in (accept_language or "").lower().split(","):
        tag = part.split(";")[0].strip().split("-")[0]
        if tag in {"id", "in", "ms"}:
            return Language.INDONESIAN
        if tag == "en":
            return Language.ENGLISH
    return Language.INDONESIAN


def message(code: str, language: Language, details: Mapping[str, object] | None = None) -> str:
    """The sentence for ``code`` with its blanks filled; the bare code where no sentence is known."""
    sentence = words(language)["messages"].get(code, code)
    try:
        return sentence.format_map(dict(details or {}))
    except (KeyError, IndexError, ValueError):
        return sentence


def step_words(kind: str, code: str | None, language: Language) -> str | None:
    """The words of the timeline: ``kind`` is ``steps``, ``reasons`` or ``actions``."""
    return words(language)[kind].get(code, code) if code else None


@cache
def words(language: Language) -> Mapping[str, Mapping[str, str]]:
    import tomllib

    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
