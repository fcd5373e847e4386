"""Reads a file of ``domain/survey_files``. ``Misconfigured`` says what is wrong with it, and where."""

import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.surveys import MOST_TEXT, Question, QuestionKind, Survey, Words

LANGUAGES = ("id", "en")
MOST_QUESTIONS, MOST_OPTIONS, LONGEST_SCALE = 40, 20, 10
MOST_NUMBER = 1_000_000_000
_COLUMNS: Mapping[str, type] = {"scheme": str, "number": int, "title": dict, "opens_after_days": int, "questions": list}
_QUESTION_COLUMNS = {
    QuestionKind.CHOICE: {"options"},
    QuestionKind.SCALE: {"least", "most"},
    QuestionKind.NUMBER: {"least", "most"},
    QuestionKind.TEXT: {"most"},
}
_MOST = {QuestionKind.SCALE: LONGEST_SCALE, QuestionKind.NUMBER: MOST_NUMBER, QuestionKind.TEXT: MOST_TEXT}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read_survey(text: str) -> Survey:
    row = _table(text)
    _check_columns(row)
    questions = tuple(_question(each) for each in row["questions"])
    ids = [question.id for question in questions]
    if not 0 < len(ids) <= MOST_QUESTIONS or len(set(ids)) != len(ids):
        raise _wrong(f"questions: 1 to {MOST_QUESTIONS}, each with an id of its own, not {ids}")
    opens_after = timedelta(days=row["opens_after_days"])
    return Survey(row["scheme"], row["number"], _words(row["title"], "title"), opens_after, questions)


def _table(text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(f"file: {error}") from None


def _check_columns(row: Mapping[str, Any]) -> None:
    for name in sorted(row.keys() ^ _COLUMNS.keys()):
        raise _wrong(f"{name}: {'not known' if name in row else 'missing'}")
    for name, kind in _COLUMNS.items():
        if type(row[name]) is not kind:
            raise _wrong(f"{name}: {row[name]!r} is not {kind.__name__}")
    if row["number"] < 1 or not 0 <= row["opens_after_days"] <= 366:
        raise _wrong("number is 1 or more, opens_after_days 0 to 366")


def _question(row: Mapping[str, Any]) -> Question:
    id, kind = str(row.get("id")), _kind(row)
    if not _CODE.fullmatch(id):
        raise _wrong(f"question {id!r}: an id is made of small letters, digits and _")
    expected = {"id", "kind", "words", *_QUESTION_COLUMNS[kind]}
    for name in sorted((row.keys() ^ expected) - {"required"}):
        raise _wrong(f"question {id!r}: {name} is {'not known' if name in row else 'missing'}")
    least, most = _limits(row, id, kind)
    words = _words(row["words"], id)
    return Question(id, kind, words, row.get("required", True) is True, _options(row, id), least, most)


def _kind(row: Mapping[str, Any]) -> QuestionKind:
    try:
        return QuestionKind(row.get("kind", ""))
    except ValueError:
        raise _wrong(f"question {row.get('id')!r}: kind is one of {', '.join(QuestionKind)}") from None


def _limits(row: Mapping[str, Any], id: str, kind: QuestionKind) -> tuple[int, int]:
    if kind is QuestionKind.CHOICE:
        return 0, 0
    least, most = row.get("least", 0), row["most"]
    if not (type(least) is type(most) is int and 0 <= least < most <= _MOST[kind]):
        raise _wrong(f"question {id!r}: 0 <= least < most <= {_MOST[kind]}")
    return least, most


def _options(row: Mapping[str, Any], id: str) -> Mapping[str, Words]:
    options = row.get("options", {})
    if "options" in row and not 2 <= len(options) <= MOST_OPTIONS:
        raise _wrong(f"question {id!r}: 2 to {MOST_OPTIONS} options")
    for code in options:
        if not _CODE.fullmatch(code):
            raise _wrong(f"question {id!r}: option {code!r} is no code")
    return {code: _words(words, f"{id}.{code}") for code, words in options.items()}


def _words(found: Mapping[str, Any], where: str) -> Words:
    if set(found) != set(LANGUAGES) or not all(isinstance(each, str) and each.strip() for each in found.values()):
        raise _wrong(f"{where}: words in {' and '.join(LANGUAGES)}")
    return found


def _wrong(flaw: str) -> Misconfigured:
    return Misconfigured("survey_invalid", field=flaw)
