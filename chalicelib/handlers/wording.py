"""The words that people read, by stable code and language. Bahasa Indonesia first."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chalicelib.domain.mail import Language

_FOLDER = Path(__file__).parents[1] / "web" / "locale"
_LISTS = {"steps": ", ", "reasons": " "}
"""Details that list codes -> what stands between the words of two. Reasons are sentences of their own."""


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
        return sentence.format_map({name: _told(name, each, language) for name, each in (details or {}).items()})
    except (KeyError, IndexError, ValueError):
        return sentence


def listed_codes(details: Mapping[str, object]) -> list[str]:
    """The codes of what the message lists in words: words are for people, programs compare codes."""
    return [code for name in _LISTS for code in _codes(details.get(name))]


def step_words(kind: str, code: str | None, language: Language) -> str | None:
    """The words of the timeline: ``kind`` is ``steps``, ``reasons``, ``actions``, ``owners``, ``appeals`` or
    ``facts``. Those of ``wave_<n>`` serve every wave."""
    if not code:
        return None
    known = words(language)[kind]
    stem, _, number = code.rpartition("_")
    if number.isdigit() and f"{stem}_<n>" in known:
        return known[f"{stem}_<n>"].format(n=number)
    return known.get(code, code)


def _told(name: str, value: object, language: Language) -> object:
    codes = _codes(value) if name in _LISTS else ()
    return _LISTS[name].join(step_words(name, each, language) or each for each in codes) if codes else value


def _codes(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


@cache
def words(language: Language) -> Mapping[str, Mapping[str, str]]:
    import tomllib

    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
