"""A decision on paper: what was decided, by which rules, from which facts, and signed, so that anybody can check it.

A receipt names nobody. Its subject is a pseudonym; NIK, family card and name are not among the facts. Kept receipts are
numbered for each person, in the order in which they were decided, and never changed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.eligibility import CODE_VERSION, Decision
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.facts import OUR_BOOKS, Fact, FactName, FactValue, kind_of
from chalicelib.domain.identifiers import Index
from chalicelib.domain.remedies import REMEDIES

FORMAT = "prakerja-eligibility-receipt/1"
Body = Mapping[str, Any]


class Occasion(StrEnum):
    """When it was decided. A question is answered and not kept."""

    QUESTION = "question"
    JOINING = "joining"
    AWARD = "award"


@dataclass(frozen=True, slots=True)
class Setting:
    """Of whom, when and why. ``number`` is None for what is not kept."""

    subject: Index
    occasion: Occasion
    wave: int | None
    decided_at: datetime
    number: int | None
    signed_by: str
    """The name of the key."""


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    body: Body
    signature: str
    """Over :func:`canonical`, in hex."""

    @property
    def number(self) -> int:
        return int(self.body["number"] or 0)

    @property
    def document(self) -> dict[str, Any]:
        """What people are handed, and what the command reads."""
        return {"receipt": dict(self.body), "signature": self.signature}


def draft_receipt(decision: Decision, facts: Sequence[Fact], setting: Setting) -> Body:
    return {
        "format": FORMAT,
        "signed_by": setting.signed_by,
        "subject": setting.subject,
        "number": setting.number,
        "occasion": setting.occasion.value,
        "wave": setting.wave,
        "decided_at": setting.decided_at.isoformat(),
        "code_version": CODE_VERSION,
        "inputs": [_told(fact) for fact in facts],
        **outcome_of(decision),
    }


def outcome_of(decision: Decision) -> dict[str, Any]:
    """What a replay must give again."""
    return {
        "scheme": decision.scheme,
        "rules": decision.rules,
        "decided_on": decision.on.isoformat(),
        "outcome": decision.verdict.value,
        "reasons": [_reason(code) for code in decision.reasons],
        "not_yet_known": [name.value for name in decision.not_yet_known],
        "priorities": list(decision.priorities),
    }


def canonical(body: Body) -> bytes:
    """The one way to write it: keys in order, no spaces, ASCII. There are no fractions in it."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def repeats(earlier: SignedReceipt, body: Body) -> bool:
    """The same decision on the same facts, on another day or at another moment of the same one."""
    return canonical(_lasting(earlier.body)) == canonical(_lasting(body))


def _lasting(body: Body) -> Body:
    """Without what differs each time: number, moment, key, and as of when our own books were read."""
    passing = {"number", "decided_at", "decided_on", "signed_by"}
    inputs = [fact | {"as_of": None} if fact["source"] == OUR_BOOKS else fact for fact in body["inputs"]]
    return {name: value for name, value in body.items() if name not in passing} | {"inputs": inputs}


def _told(fact: Fact) -> dict[str, Any]:
    value = fact.value.isoformat() if isinstance(fact.value, date) else fact.value
    as_of = fact.as_of.isoformat() if fact.as_of else None
    return {"fact": fact.name.value, "value": value, "source": fact.source, "as_of": as_of}


def _reason(code: str) -> dict[str, str]:
    remedy = REMEDIES[code]
    return {"code": code, "owner": remedy.owner, "appeal": remedy.appeal}


# --- Reading it again -----------------------------------------------------------------------------------------


def read_receipt(text: bytes) -> SignedReceipt:
    """``InvalidInput`` says what is wrong with a text that is none. Whether it is genuine, its signature tells."""
    document = _object(text)
    body, signature = document.get("receipt"), document.get("signature")
    if document.keys() != {"receipt", "signature"} or not isinstance(body, dict) or not isinstance(signature, str):
        raise InvalidInput("receipt_malformed", field="receipt and signature, and nothing else, are expected")
    if body.get("format") != FORMAT:
        raise InvalidInput("receipt_malformed", field=f"format: {FORMAT} is expected")
    return SignedReceipt(body, signature)


def facts_in(body: Body) -> tuple[Fact, ...]:
    try:
        return tuple(_fact(each) for each in body["inputs"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput("receipt_malformed", field=f"inputs: {error}") from None


def _fact(row: Mapping[str, Any]) -> Fact:
    name, as_of = FactName(row["fact"]), row["as_of"]
    return Fact(name, _value(name, row["value"]), row["source"], datetime.fromisoformat(as_of) if as_of else None)


def _value(name: FactName, value: Any) -> FactValue | None:
    kind = kind_of(name)
    found: FactValue | None = date.fromisoformat(value) if kind is date and value is not None else value
    if found is not None and type(found) is not kind:
        raise ValueError(f"{name} is {value!r}, not {kind.__name__}")
    return found


def _object(text: bytes) -> dict[str, Any]:
    """Strictly: a name that stands twice would be read one way here and another way elsewhere."""
    try:
        found = json.loads(text.decode("utf-8"), object_pairs_hook=_unambiguous, parse_float=_no_fraction)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("receipt_malformed", field=f"not JSON: {error}") from None
    return found if isinstance(found, dict) else {}


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_fraction(text: str) -> float:
    raise ValueError(f"{text} is not a whole number")
