"""What people may send to the doors of accounts and surveys, and what they are told."""

from typing import Any

import pytest

from chalicelib import bootstrap
from tests.integration.cast import CAST, Person
from tests.integration.town import Reply, Town

ACCOUNT = "/v1/me/payout-account"
RATNA, WIDYA, WENING = CAST["ratna"], CAST["widya"], CAST["wening"]


def refusal(reply: Reply) -> str:
    return f"{reply.status} {reply.body['code']} {reply.body.get('field', '')}".strip()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"bank": "bni", "account_no": "1234567"}, "400 account_no_invalid account_no"),
        ({"bank": "bni", "account_no": "88000000001X"}, "400 account_no_invalid account_no"),
        ({"bank": "bni", "account_no": "880-0000-0001"}, "400 account_no_invalid account_no"),
        ({"bank": "BNI", "account_no": "880000000015"}, "400 bank_unknown bank"),
        ({"bank": "bni", "account_no": 880000000015}, "400 field_not_text account_no"),
        ({"bank": "bni"}, "400 field_missing account_no"),
        ({"bank": "bni", "account_no": "880000000015", "name": "x"}, "400 field_unknown name"),
    ],
)
def test_what_is_no_account_is_named(town: Town, body: dict[str, Any], told: str) -> None:
    assert refusal(town.ask("PUT", ACCOUNT, body, token=CAST["oka"].token)) == told


def change(town: Town, person: Person, account_no: str, old: str | None = None) -> Reply:
    shown = town.ask("GET", ACCOUNT, token=person.token).body["account_no"]
    body = {"bank": "bni", "account_no": account_no, "old_account": shown if old is None else old}
    return town.ask("POST", ACCOUNT + "/change", body, token=person.token)


def test_a_change_to_what_cannot_be_is_named(town: Town) -> None:
    assert refusal(change(town, RATNA, RATNA.account_no)) == "400 account_is_the_same account_no"
    assert refusal(change(town, RATNA, "123")) == "400 account_no_invalid account_no"
    assert refusal(change(town, RATNA, RATNA.other_account_no, old=RATNA.account_no)) == (
        "400 old_account_differs old_account"
    )
    assert refusal(change(town, WENING, "880000000077")) == "409 account_change_under_way"
    assert refusal(town.ask("PUT", ACCOUNT, {"bank": "bni", "account_no": "880000000077"}, token=RATNA.token)) == (
        "409 payout_account_verified"
    )


def test_somebody_elses_number_is_taken_like_any_other(town: Town) -> None:
    """The answer tells nothing of whose it is; the bank's name for it decides."""
    assert change(town, RATNA, WENING.account_no).status == 204


def test_the_timeline_tells_that_an_account_cools_off(town: Town) -> None:
    steps = town.ask("GET", "/v1/me", token=WENING.token).body["timeline"]
    (account,) = [step for step in steps if step["step"] == "payout_account"]
    assert (account["state"], account["reason"]) == ("waiting", "account_cools_off")
    assert account["expected_at"]
    (incentive,) = [step for step in steps if step["step"] == "incentive_completion_1"]
    assert (incentive["amount_rupiah"], incentive["reason"]) == (600_000, "incentive_awaits_account")


@pytest.mark.parametrize(
    ("number", "answers", "told"),
    [
        ("1", {}, "400 answer_missing answers.useful"),
        ("1", {"useful": "5"}, "400 answer_out_of_range answers.useful"),
        ("1", {"useful": 5, "harder_than_expected": "maybe"}, "400 answer_no_choice answers.harder_than_expected"),
        ("1", {"useful": 5, "colour": "red"}, "400 question_unknown answers"),
        ("2", {}, "409 survey_not_open number"),
        ("3", {}, "404 survey_unknown number"),
        ("one", {}, "400 number_expected number"),
    ],
)
def test_a_wrong_survey_is_named(town: Town, number: str, answers: dict[str, Any], told: str) -> None:
    assert refusal(town.ask("PUT", f"/v1/me/surveys/{number}", {"answers": answers}, token=WIDYA.token)) == told


def test_a_survey_is_filled_once(town: Town) -> None:
    answers = {"useful": 5, "harder_than_expected": "right", "work_now": "seeking", "remarks": "Rahasia kecil saya"}
    path = "/v1/me/surveys/1"
    assert [town.ask("PUT", path, {"answers": answers}, token=WIDYA.token).status for _ in range(2)] == [204, 204]
    other = town.ask("PUT", path, {"answers": {**answers, "useful": 1}}, token=WIDYA.token)
    assert refusal(other) == "409 survey_already_filled number"
    first, second = town.ask("GET", "/v1/me/surveys", token=WIDYA.token).body["surveys"]
    assert (first["state"], first["questions"], second["state"]) == ("filled", [], "later")
    assert "Rahasia kecil saya" not in str(town.memory.rows())


def test_a_fan_in_is_listed_for_staff_with_references_only(town: Town) -> None:
    for name in ("oka", "nanda", "maya"):
        person = CAST[name]
        town.ask("PUT", ACCOUNT, {"bank": "bni", "account_no": "880000000077"}, token=person.token)
        town.tell("verify_payout_accounts", applicant_id=person.id)
    (listed,) = town.ask("GET", "/v1/staff/payout-accounts/suspicious", token="sesi-staf").body["accounts"]
    assert (listed["bank"], len(listed["people"])) == ("bni", 3)
    assert "880000000077" not in str(listed)
    assert bootstrap.payout_accounts().get(CAST["oka"].id)
