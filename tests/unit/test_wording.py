"""Whatever can be told has words, the same in both languages, with blanks that can be filled."""

import re
import string
import tomllib
from collections.abc import Iterable

import pytest

from chalicelib.adapters.payments.snap_codes import STATUS_MEANINGS, meaning_of
from chalicelib.domain.banking import TransferOutcome
from chalicelib.domain.cases import DocumentKind, RefusalCode
from chalicelib.domain.debts import DebtReason
from chalicelib.domain.errors import Conflict, Misconfigured
from chalicelib.domain.facts import FactName
from chalicelib.domain.mail import Language
from chalicelib.domain.photos import RULES
from chalicelib.domain.reconciliation.verdicts import Verdict
from chalicelib.domain.remedies import REMEDIES
from chalicelib.domain.statements import NEEDS_SECOND
from chalicelib.domain.steps import StepState
from chalicelib.handlers.wording import listed_codes, message, step_words
from tests.unit.raised_codes import FAULTS, ROOT, argument, raised, refused_by, texts_of

LANGUAGES = ("id", "en")
WORDS = {
    language: tomllib.loads((ROOT / f"chalicelib/web/locale/{language}.toml").read_text("utf-8"))
    for language in LANGUAGES
}
SECTIONS = ("messages", "steps", "reasons", "actions", "owners", "appeals", "facts", "postings")

UNREAD = {
    "registry_unavailable": "a ministry is asked by queue functions",
    **dict.fromkeys(("bank_unavailable", "no_token"), "so is the bank"),
    **dict.fromkeys(("mail_unavailable", "mail_in_other_hands", "mail_providers_out"), "mail leaves from a queue"),
    **dict.fromkeys(("mail_provider_refuses_us", "mail_refused"), "mail leaves from a queue"),
    **dict.fromkeys(
        ("mail_has_no_turn", "mail_domain_has_no_room", "mail_address_suppressed"), "mail leaves from a queue"
    ),
    **dict.fromkeys(("mail_unknown", "mail_not_yet_noted"), "fates of mails come by queue"),
    **dict.fromkeys(("network_asked_for_too_many",), "accounts are opened by a queue function"),
    **dict.fromkeys(("nik_claimed",), "a NIK is claimed by a queue function; officers are told why they cannot"),
    **dict.fromkeys(("check_already_recorded", "check_contended"), "answers come by queue"),
    **dict.fromkeys(("account_claimed",), "an account is checked by a queue function, which notes a reason instead"),
    **dict.fromkeys(("award_contended", "card_number_taken", "family_limit"), "awards are made by a queue function"),
    **dict.fromkeys(("award_awaits_answers",), "so what has yet to be answered is waited for there"),
    **dict.fromkeys(("receipt_malformed",), "receipts are read by a command, which says it in full"),
    **dict.fromkeys(("entry_unknown", "draw_file_unknown"), "draws and awards follow queues"),
    **dict.fromkeys(("wave_not_announced", "place_not_free", "place_passed_on", "place_contended"), "so do places"),
    **dict.fromkeys(("membership_contended",), "what time brings to a membership is done by a queue function"),
    **dict.fromkeys(("bucket_contended",), "files of draws are published by a queue function"),
    **dict.fromkeys(
        ("beacon_unavailable", "beacon_answer_unreadable", "round_has_not_come"), "which waits for the random value"
    ),
    **dict.fromkeys(("object_key_unknown", "document_key_unknown"), "uploads are looked at by a queue function"),
    **dict.fromkeys(("list_file_gone", "list_file_received", "list_contended"), "lists are loaded by a queue function"),
    **dict.fromkeys(
        ("statement_file_gone", "statement_received", "statement_name_wrong"), "statements come by a queue function"
    ),
    **dict.fromkeys(("list_entries_not_taken",), "so are they written and asked"),
}
"""Codes that end in a log or in a queue: nobody waits for a reply. Those of ``Misconfigured`` are never told at all."""

WORDLESS: dict[str, str] = {}

TOLD = sorted({each.code for each in raised() if each.fault is not Misconfigured} - UNREAD.keys())
KINDS = {text for text in texts_of("chalicelib/handlers/arguments.py") if re.fullmatch(r"(field|json)_[a-z_]+", text)}
KINDS |= {"internal_error"}
KINDS |= argument("refuse", 1, "reason") | argument("Flaw", 2, "code")  # of list files: noted, and told later
KINDS |= {f"debt_{reason}" for reason in DebtReason}
KINDS |= {NEEDS_SECOND} | argument("refuse_statement", 1, "reason")
KINDS |= {f"difference_{verdict}" for verdict in set(Verdict) - {"matched"}}
"""Told by handlers that look them up or say them otherwise than by raising."""
REASONS = (
    REMEDIES.keys()
    | set(RefusalCode)
    | {"identity_reopened"}
    | argument("Step", 2, "reason")
    | argument("Check", 1, "reasons")
    | {reason for rules in RULES.values() for reason in rules}
    | {text for text in texts_of("chalicelib/domain/faces.py") if re.fullmatch(r"face_[a-z_]+", text)}
    | {"photo_not_readable", "selfie_not_accepted"}
    | argument("refuse_account", 1, "reason")
    | argument("move_entry", 9, "reason")
    | refused_by("adapters/storage/memberships.py", Conflict)  # which make_award notes on the entry as reasons
    | {
        str(meaning_of(str(case)).reason)
        for case in range(20_000, 60_000)
        if meaning_of(str(case)).outcome is TransferOutcome.REFUSED
    }
    | {str(meaning.reason) for meaning in STATUS_MEANINGS.values() if meaning.outcome is TransferOutcome.REFUSED}
)
CODES_OF_THE_TIMELINE = {
    text
    for file in ("journey", "person_steps")
    for text in texts_of(f"chalicelib/domain/{file}.py")
    if re.fullmatch(r"[a-z]+(_[a-z]+)+", text)
} - set(StepState)


def each(codes: Iterable[str], wordless: dict[str, str]) -> pytest.MarkDecorator:
    """One test for each code; those that are known to lack words are expected to fail."""
    marked = [
        pytest.param(code, marks=pytest.mark.xfail(strict=True, reason=f"no words: {wordless[code]}"))
        if code in wordless
        else code
        for code in sorted(codes)
    ]
    return pytest.mark.parametrize("code", marked)


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@each([*TOLD, *KINDS], WORDLESS)
def test_every_code_that_reaches_a_reader_has_words(code: str) -> None:
    assert [language for language in LANGUAGES if code not in WORDS[language]["messages"]] == []


@each(REASONS, {})
def test_every_reason_has_words(code: str) -> None:
    """As the reader is told them: ``wave_<n>`` serves every wave."""
    assert [language for language in Language if step_words("reasons", code, language) == code] == []


@each(CODES_OF_THE_TIMELINE, {})
def test_whatever_the_timeline_says_has_words(code: str) -> None:
    """Also what it looks up in a table, where no argument of a call shows it."""
    kinds = ("steps", "reasons", "actions")
    assert [lang for lang in Language if all(step_words(kind, code, lang) == code for kind in kinds)] == []


@pytest.mark.parametrize(("language", "told"), [("id", "Gelombang 12."), ("en", "Wave 12.")])
def test_a_wave_is_told_by_its_number(language: str, told: str) -> None:
    assert step_words("reasons", "wave_12", Language(language)) == told


@pytest.mark.parametrize(
    ("language", "code", "details", "told"),
    [
        ("id", "steps_missing", {"steps": ("identity", "photo_selfie")}, "Selesaikan dahulu: Identitas, Swafoto."),
        ("en", "steps_missing", {"steps": ("identity", "photo_selfie")}, "First complete: Identity, Selfie."),
        (
            "id",
            "not_eligible",
            {"reasons": ("age", "blocklist")},
            "Anda belum memenuhi syarat. Umur harus 18 sampai 64 tahun. Anda tercatat dalam daftar hitam.",
        ),
        (
            "en",
            "not_eligible",
            {"reasons": ("age", "blocklist")},
            "You are not eligible. One must be 18 to 64 years old. You are on the blocklist.",
        ),
    ],
)
def test_a_refusal_names_its_reasons_in_the_readers_words(
    language: str, code: str, details: dict[str, tuple[str, ...]], told: str
) -> None:
    assert message(code, Language(language), details) == told
    assert listed_codes(details) == [code for codes in details.values() for code in codes]


@each(argument("Step", 0, "name") - {""} | {f"document_{kind}" for kind in DocumentKind}, {})
def test_every_step_has_words(code: str) -> None:
    assert [language for language in LANGUAGES if code not in WORDS[language]["steps"]] == []


@each(argument("Step", 3, "next_action"), {})
def test_every_action_has_words(code: str) -> None:
    assert [language for language in LANGUAGES if code not in WORDS[language]["actions"]] == []


@each({remedy.owner for remedy in REMEDIES.values()}, {})
def test_every_owner_has_words(code: str) -> None:
    assert [language for language in LANGUAGES if code not in WORDS[language]["owners"]] == []


@each({remedy.appeal for remedy in REMEDIES.values()}, {})
def test_every_way_to_appeal_has_words(code: str) -> None:
    assert [language for language in LANGUAGES if code not in WORDS[language]["appeals"]] == []


@each(FactName, {})
def test_every_fact_has_words(code: str) -> None:
    assert [language for language in LANGUAGES if code not in WORDS[language]["facts"]] == []


@pytest.mark.parametrize("section", SECTIONS)
def test_both_languages_have_the_same_words(section: str) -> None:
    indonesian, english = (WORDS[language][section] for language in LANGUAGES)
    assert indonesian.keys() == english.keys()
    assert {code for code in indonesian if blanks(indonesian[code]) != blanks(english[code])} == set()
    assert {code for code in indonesian if indonesian[code] == english[code]} == set()


def test_there_are_no_other_words() -> None:
    assert all(WORDS[language].keys() == set(SECTIONS) for language in LANGUAGES)


def test_every_blank_is_filled_wherever_the_code_is_raised() -> None:
    lacking = {
        f"{found.where} {found.code}: {sorted(lacks)}"
        for found in raised()
        if (lacks := blanks(WORDS["id"]["messages"].get(found.code, "")) - found.blanks)
    }
    assert lacking == set()


def test_no_words_are_left_over() -> None:
    """What is no longer raised needs no words; default codes have theirs for whoever raises without a code."""
    defaults = {kind.default_code for kind in FAULTS.values()}
    used = (
        set(TOLD)
        | KINDS
        | defaults
        | {"registration_taken", "gate_open", "gate_spread", "expected_at", "debt_how_to_pay", "debt_overpaid_told"}
    )
    assert WORDS["id"]["messages"].keys() - used == set()


def test_the_list_of_unread_codes_is_no_longer_than_it_must_be() -> None:
    codes = {found.code for found in raised()}
    assert UNREAD.keys() <= codes
    assert {code for code in UNREAD if code in WORDS["id"]["messages"]} == set()
