"""Codes and links are derived, not stored."""

import re
from collections import Counter

from chalicelib.use_cases.registration.proofs import account_in, code_of, email_code_of, is_same, link_token_of
from tests.builders import an_applicant_id
from tests.fakes import FakeIndexer

INDEXER = FakeIndexer()


def test_a_code_is_six_digits_the_same_however_often_the_mail_is_written() -> None:
    codes = {code_of("verify_email", "challenge", INDEXER) for _ in range(3)}
    assert len(codes) == 1
    assert all(re.fullmatch(r"[0-9]{6}", code_of("verify_email", str(number), INDEXER)) for number in range(500))


def test_codes_differ_by_challenge_by_purpose_and_by_key() -> None:
    codes = [
        code_of("verify_email", "a", INDEXER),
        code_of("verify_email", "b", INDEXER),
        code_of("purchase", "a", INDEXER),
        code_of("verify_email", "a", FakeIndexer(b"another key")),
    ]
    assert len(set(codes)) == 4


def test_codes_use_all_digits_alike() -> None:
    digits = Counter("".join(code_of("verify_email", str(number), INDEXER) for number in range(2_000)))
    assert all(1_000 < digits[digit] < 1_400 for digit in "0123456789")


def test_a_link_names_its_account_and_proves_its_challenge() -> None:
    token = link_token_of(an_applicant_id(), "challenge", INDEXER)
    assert account_in(token) == an_applicant_id()
    others = {
        link_token_of(an_applicant_id(), "another", INDEXER),
        link_token_of(an_applicant_id(2), "challenge", INDEXER),
    }
    assert token not in others
    assert "challenge" not in token


def test_a_token_that_names_nobody_names_nobody() -> None:
    assert account_in("nonsense") == "nonsense"
    assert account_in("") == ""


def test_answers_are_compared_whole() -> None:
    assert is_same("123456", "123456")
    assert not is_same("12345", "123456")
    assert not is_same("١٢٣٤٥٦", "123456")


def test_one_challenge_under_two_accounts_makes_two_codes() -> None:
    codes = {email_code_of(an_applicant_id(number), "challenge", INDEXER) for number in range(1, 6)}
    assert len(codes) == 5
