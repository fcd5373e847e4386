"""Eligibility through the doors: told with its receipt, kept on joining and before an award, checked by anybody."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.verification import Check, Outcome, Registry
from chalicelib.domain.waves import EntryState
from infra.receipts import main
from tests.integration.cast import CAST, CLOSED_WAVE, DRAWN_WAVE, NOON, OPEN_WAVE, Person
from tests.integration.town import Town

EKA, FITRI, HANA = (CAST[name] for name in ("eka", "fitri", "hana"))


def eligibility(town: Town, person: Person, query: str = "", language: str = "en") -> dict[str, Any]:
    reply = town.ask("GET", f"/v1/me/eligibility{query}", token=person.token, language=language)
    assert reply.status == 200, reply.text
    assert reply.headers["cache-control"] == "no-store"
    return reply.body


def learns(person: Person, registry: Registry, check: Check) -> None:
    applicant = bootstrap.applicants().get(person.id)
    bootstrap.applicants().save(replace(applicant, checks={**applicant.checks, registry: check}))


def listed(*reasons: str) -> Check:
    return Check(Outcome.PASSED, reasons, NOON)


def saved(folder: Path, name: str, content: object) -> str:
    (folder / name).write_text(json.dumps(content))
    return str(folder / name)


def codes(receipts: list[dict[str, Any]]) -> list[tuple[str, int, str]]:
    bodies = [each["receipt"] for each in receipts]
    return [(body["occasion"], body["wave"], body["outcome"]) for body in bodies]


def test_everybody_may_check_their_receipts_without_us(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = saved(tmp_path, "keys.json", town.ask("GET", "/v1/receipt-keys").body)
    told = eligibility(town, FITRI)
    for place, each in enumerate([told["current"], *told["kept"]]):
        file = saved(tmp_path, f"{place}.json", each)
        assert main(["verify", file, "--key", keys]) == 0
        assert main(["replay", file]) == 0
    altered = json.loads(json.dumps(told["current"]).replace('"eligible"', '"not_eligible"'))
    assert main(["verify", saved(tmp_path, "altered.json", altered), "--key", keys]) == 1
    assert "altered" in capsys.readouterr().err


def test_who_joined_has_the_receipt_of_it(town: Town) -> None:
    assert codes(eligibility(town, FITRI)["kept"]) == [("joining", CLOSED_WAVE, "eligible")]
    assert eligibility(town, EKA)["kept"] == []
    assert town.ask("PUT", f"/v1/me/waves/{OPEN_WAVE}/entry", token=EKA.token).status == 201
    assert codes(eligibility(town, EKA)["kept"]) == [("joining", OPEN_WAVE, "eligible")]


@pytest.mark.parametrize(
    ("language", "text", "owner", "appeal"),
    [
        ("en", "You are listed as being in formal education.", "Your school or university", "Ask your school"),
        ("id", "Anda tercatat masih dalam pendidikan formal.", "Sekolah atau kampus Anda", "Minta sekolah"),
    ],
)
def test_who_may_not_is_told_why_whose_it_is_to_mend_and_how(
    town: Town, language: str, text: str, owner: str, appeal: str
) -> None:
    learns(EKA, Registry.EDUCATION, listed("student:DAPODIK"))
    told = eligibility(town, EKA, language=language)
    (reason,) = told["reasons"]
    assert (told["outcome"], reason["code"], reason["owner"]) == ("not_eligible", "student", "school")
    assert reason["text"] == text
    assert reason["owner_text"].startswith(owner)
    assert reason["appeal_text"].startswith(appeal)
    source = next(each for each in told["current"]["receipt"]["inputs"] if each["fact"] == "student")
    assert source == {"fact": "student", "value": True, "source": "DAPODIK", "as_of": NOON.isoformat()}


def test_who_is_refused_has_a_receipt_of_that_too_and_joins_once_it_is_mended(town: Town) -> None:
    learns(EKA, Registry.EDUCATION, listed("student:DAPODIK"))
    for _ in range(3):
        reply = town.ask("PUT", f"/v1/me/waves/{OPEN_WAVE}/entry", token=EKA.token)
        assert (reply.status, reply.body["code"], reply.body["reasons"]) == (409, "not_eligible", ["student"])
    learns(EKA, Registry.EDUCATION, listed())
    with town.clock.later(minutes=5):
        assert town.ask("PUT", f"/v1/me/waves/{OPEN_WAVE}/entry", token=EKA.token).status == 201
    told = eligibility(town, EKA, "?limit=1")
    assert codes(told["kept"]) == [("joining", OPEN_WAVE, "eligible")]
    older = eligibility(town, EKA, f"?limit=1&after={told['next']}")
    assert codes(older["kept"]) == [("joining", OPEN_WAVE, "not_eligible")]
    assert older["next"] is None


def test_what_is_not_yet_known_is_said_so(town: Town) -> None:
    told = eligibility(town, CAST["dewi"])
    assert (told["outcome"], told["reasons"]) == ("not_yet_known", [])
    awaited = {each["fact"]: each["text"] for each in told["not_yet_known"]}
    assert {"birth_date", "student", "blocklist"} <= awaited.keys()
    assert awaited["student"] == "Whether you are in formal education."


def test_who_was_found_on_the_blocklist_since_is_not_awarded(town: Town) -> None:
    learns(HANA, Registry.SOCIAL, listed("blocklist:BPK"))
    town.tell("make_awards", wave=DRAWN_WAVE, applicant_id=HANA.id)
    (entry,) = bootstrap.waves().entries_of(HANA.id, [WaveNumber(DRAWN_WAVE)])
    assert (entry.state, entry.reason) == (EntryState.EXCLUDED, "blocklist")
    assert bootstrap.memberships().get(HANA.id) is None
    assert codes(eligibility(town, HANA)["kept"])[0] == ("award", DRAWN_WAVE, "not_eligible")
    step = next(
        each for each in town.ask("GET", "/v1/me", token=HANA.token).body["timeline"] if each["step"] == "award"
    )
    assert (step["state"], step["reason"], step["who_can_mend"]) == ("failed", "blocklist", "Programme office")


def test_an_award_waits_on_its_queue_for_an_answer_that_is_missing(town: Town) -> None:
    learns(HANA, Registry.LISTS, Check())
    town.tell("make_awards", wave=DRAWN_WAVE, applicant_id=HANA.id)
    (waiting,) = town.memory.messages("awards-to-make")
    assert json.loads(waiting.body)["attempt"] == 1
    (entry,) = bootstrap.waves().entries_of(HANA.id, [WaveNumber(DRAWN_WAVE)])
    assert (entry.state, bootstrap.memberships().get(HANA.id)) == (EntryState.CHOSEN, None)
    learns(HANA, Registry.LISTS, listed())
    town.memory.empty_queues()
    town.tell("make_awards", wave=DRAWN_WAVE, applicant_id=HANA.id)
    assert bootstrap.memberships().get(HANA.id)


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("?limit=0", "limit_out_of_range", "limit"),
        ("?after=_w", "cursor_invalid", "after"),
        ("?limit=x", None, "limit"),
    ],
)
def test_a_page_that_cannot_be_is_refused_with_its_name(town: Town, query: str, code: str | None, field: str) -> None:
    reply = town.ask("GET", f"/v1/me/eligibility{query}", token=EKA.token)
    assert (reply.status, reply.body["field"]) == (400, field)
    assert code in (None, reply.body["code"])
