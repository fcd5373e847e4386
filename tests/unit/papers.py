"""Receipts for tests, signed under the key that everybody knows."""

import json
from typing import Any

from chalicelib.domain.facts import Standing, facts_of
from chalicelib.domain.receipts import Occasion, SignedReceipt
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.verification import Applicant
from chalicelib.use_cases.eligibility.sign_decision import Case, sign_decision
from tests.builders import a_verified_applicant, checks
from tests.fakes import NOON, FakeSigner, World

KEYS = json.dumps(
    {"keys": [{"key": name, "public_key": key.hex()} for name, key in FakeSigner().public_keys().items()]}
).encode()
AIDED = checks(social=("social_aid:DTKS", "social_aid:PKH"))


def a_receipt(applicant: Applicant | None = None, *, scheme: str = "2023", number: int | None = None) -> SignedReceipt:
    """Of a woman of 30 of whom everything is known."""
    person = applicant or a_verified_applicant()
    facts = facts_of(person, Standing(None, 0, NOON))
    case = Case(person.id, facts, scheme_named(scheme), Occasion.QUESTION, None)
    return sign_decision(case, World().notary, number=number)[1]


def written(receipt: SignedReceipt, **layout: Any) -> bytes:
    return json.dumps(receipt.document, **layout).encode()
