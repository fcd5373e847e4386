"""The programme office through the doors: a wave from its plan to its opening, and a draw annulled and made anew."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.use_cases.selection import names
from tests.integration import cast
from tests.integration.cast import CLOSED_WAVE, FIRST_APPROVER, NOON, OPEN_WAVE, PLANNED_WAVE, SECOND_APPROVER, STAFF
from tests.integration.refusals import Ask, assert_refused, refusal
from tests.integration.samples import sample
from tests.integration.town import Reply, Town

WAVES, EKA = "/v1/staff/waves", cast.CAST["eka"]
PLAN = {
    "opens_at": "2026-03-09T19:00:00+07:00",
    "closes_at": "2026-03-13T16:00:00+07:00",
    "announces_at": "2026-03-14T16:00:00+07:00",
    "quota": 10,
    "scheme": "2020",
}
REASON = "Basis provinsi gelombang ini keliru."


def plan(town: Town, token: str = STAFF, number: int = 9, **changes: Any) -> Reply:
    return town.ask("POST", WAVES, {"number": number, **PLAN, **changes}, token=token)


def change(town: Town, version: int, token: str = STAFF, number: int = 9, **changes: Any) -> Reply:
    return town.ask("PUT", f"{WAVES}/{number}", {"version": version, **PLAN, **changes}, token=token)


def approve(town: Town, version: int, token: str = FIRST_APPROVER, number: int = 9) -> Reply:
    return town.ask("POST", f"{WAVES}/{number}/approval", {"version": version}, token=token)


def public(town: Town, number: int = 9) -> dict[str, Any]:
    return town.ask("GET", f"/v1/waves/{number}").body


def tick(town: Town) -> None:
    town.call("tick_wave_clock", sample("schedules", "tick_wave_clock", "good"))
    town.settle()


def test_everything_about_a_wave_is_public_before_it_opens(town: Town) -> None:
    assert plan(town).status == 201
    wave = public(town)
    assert (wave["state"], wave["approved"]) == ("planned", False)
    assert (wave["groups"], wave["reserved_permille"]) == (["laid_off", "furloughed"], {})
    assert (wave["basis"], wave["floor"], wave["recovers"], wave["attempt"]) == ("2024", 1, [], 1)
    assert wave["beacon"]["chain"] == bootstrap.beacon().chain
    assert wave["beacon"]["round"] > 0
    assert (wave["annulments"], wave["frozen_root"]) == ([], None)
    assert not {"secret", "planned_by", "approved_by"} & wave.keys()
    assert public(town) in town.ask("GET", "/v1/waves").body["waves"]


def test_a_wave_takes_two_people(town: Town) -> None:
    version = plan(town, FIRST_APPROVER).body["version"]
    assert approve(town, version).body["code"] == "planner_may_not_approve"
    assert approve(town, version, STAFF).status == 403
    approved = approve(town, version, SECOND_APPROVER)
    assert approved.body["approved"]
    assert approve(town, version, SECOND_APPROVER).body == approved.body
    changed = change(town, approved.body["version"], quota=11).body
    assert (changed["approved"], changed["commitment"], changed["quota"]) == (False, approved.body["commitment"], 11)
    assert change(town, approved.body["version"], quota=12).body["code"] == "wave_moved"
    assert approve(town, changed["version"], FIRST_APPROVER).body["approved"]


def test_what_nobody_approved_does_not_open(town: Town) -> None:
    plan(town, opens_at=(NOON + timedelta(minutes=1)).isoformat())
    with town.clock.later(minutes=2):
        tick(town)
        assert public(town)["state"] == "planned"
        joined = town.ask("PUT", "/v1/me/waves/9/entry", None, token=EKA.token)
        assert (joined.status, joined.body["code"]) == (409, "wave_closed")
        assert approve(town, 1).body["code"] == "wave_opening_is_past"


def asking(town: Town, method: str, path: str, body: object, token: str) -> Ask:
    return lambda accepted: town.ask(method, path, body, token=token, language=accepted)


MISTAKES = {
    "another class": ({"reserved_permille": {"men": 1}}, "400 reserved_class_unknown reserved_permille"),
    "a share too large": ({"reserved_permille": {"women": 1001}}, "400 reserved_out_of_range reserved_permille"),
    "too much reserved": (
        {"reserved_permille": {"women": 900, "disabled": 101}},
        "400 reserved_over_whole reserved_permille",
    ),
    "another group": ({"groups": ["friends"]}, "400 group_unknown groups"),
    "a group twice": ({"groups": ["laid_off", "laid_off"]}, "400 named_twice groups"),
    "another basis": ({"basis": "1945"}, "400 basis_unknown basis"),
    "too soon a draw": ({"draws_at": PLAN["closes_at"]}, "400 time_too_soon_after draws_at"),
    "too late a draw": ({"draws_at": PLAN["announces_at"]}, "400 time_not_before draws_at"),
    "too early a training": ({"training_starts_at": PLAN["closes_at"]}, "400 time_before training_starts_at"),
    "an unknown wave recovered": ({"recovers": [5]}, "400 recovered_unknown recovers"),
    "an open wave recovered": ({"recovers": [OPEN_WAVE]}, "400 recovered_not_announced recovers"),
    "itself recovered": ({"recovers": [PLANNED_WAVE]}, "400 recovered_not_earlier recovers"),
    "wave 0 recovered": ({"recovers": [0]}, "400 field_too_small recovers.0"),
    "one wave recovered twice": ({"recovers": [1, 1]}, "400 named_twice recovers"),
    "many waves recovered": ({"recovers": [*range(1, 22)]}, "400 recovers_too_many recovers"),
    "a negative quota": ({"quota": -1}, "400 field_too_small quota"),
    "a negative floor": ({"floor": -1}, "400 field_too_small floor"),
}


@pytest.mark.parametrize(("changes", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_a_plan_that_cannot_be_is_refused_in_both_languages(town: Town, changes: dict[str, Any], expected: str) -> None:
    assert_refused(town, asking(town, "POST", WAVES, {"number": 9, **PLAN, **changes}, STAFF), refusal(expected))


DEEDS: dict[str, tuple[str, str, object, str, str]] = {
    "no such wave": ("PUT", "99", {"version": 1, **PLAN}, STAFF, "404 wave_unknown number"),
    "changing an open wave": (
        *("PUT", f"{OPEN_WAVE}", {"version": 2, **PLAN}),
        *(STAFF, "409 wave_opens"),
    ),
    "annulling what is not drawn": (
        *("POST", f"{OPEN_WAVE}/annulments", {"reason": REASON, "draw_digest": "0f" * 32}),
        *(STAFF, "409 wave_not_drawn"),
    ),
    "annulling what is announced": (
        *("POST", "1/annulments", {"reason": REASON, "draw_digest": "0f" * 32}),
        *(STAFF, "409 wave_announced"),
    ),
    "asking once more": (
        *("POST", "7/annulments", {"reason": REASON, "draw_digest": "0f" * 32}),
        *(STAFF, "409 annulment_asked_already"),
    ),
    "approving what nobody asked for": (
        *("POST", "6/annulments/approval", {"draw_digest": "0f" * 32}),
        *(FIRST_APPROVER, "409 annulment_not_asked"),
    ),
    "a digest that is none": (
        *("POST", "6/annulments/approval", {"draw_digest": "0F"}),
        *(FIRST_APPROVER, "400 field_of_another_form draw_digest"),
    ),
}


@pytest.mark.parametrize(("method", "path", "body", "token", "expected"), DEEDS.values(), ids=DEEDS)
def test_a_deed_that_may_not_be_is_refused_in_both_languages(
    town: Town, method: str, path: str, body: object, token: str, expected: str
) -> None:
    assert_refused(town, asking(town, method, f"{WAVES}/{path}", body, token), refusal(expected))


def test_a_quota_of_nothing_is_lawful(town: Town) -> None:
    assert plan(town, quota=0).body["quota"] == 0


def test_conditions_are_published_on_approval(town: Town) -> None:
    version = plan(town).body["version"]
    unknown = town.ask("GET", "/v1/waves/9/draw")
    assert (unknown.status, unknown.body["code"]) == (404, "draw_not_published")
    approve(town, version)
    town.settle()
    told = _draws(town, 9)
    assert "/wave-000009/conditions-" in told["conditions_url"]
    assert (told["frozen_root"], told["frozen_list_url"], told["seed"], told["draws"]) == (None, None, None, [])
    approve(town, change(town, version + 1, quota=11).body["version"])
    town.settle()
    assert _draws(town, 9)["conditions_url"].partition("?")[0] != told["conditions_url"].partition("?")[0]


def test_a_draw_is_annulled_in_public_and_made_anew_from_another_value(town: Town) -> None:
    town.clock.at = NOON - timedelta(minutes=3)
    first = _drawn(town)
    path, named = f"{WAVES}/{CLOSED_WAVE}/annulments", {"draw_digest": first["draw_digest"]}
    assert town.ask("POST", path, {"reason": REASON, **named}, token=STAFF).status == 201
    town.clock.at = NOON + timedelta(hours=1)
    tick(town)
    assert public(town, CLOSED_WAVE)["state"] == "drawn"
    for token in (FIRST_APPROVER, SECOND_APPROVER):
        assert town.ask("POST", f"{path}/approval", named, token=token).status == 200
    wave = public(town, CLOSED_WAVE)
    assert (wave["state"], wave["attempt"], wave["draw_digest"]) == ("frozen", 2, None)
    assert wave["frozen_root"] == first["frozen_root"]
    assert wave["beacon"]["round"] > first["beacon"]["round"]
    (annulment,) = wave["annulments"]
    assert (annulment["attempt"], annulment["in_force"], annulment["reason"]) == (1, True, REASON)
    town.settle()
    (told,) = _draws(town)["draws"]
    assert (told["annulled"], told["sha256"]) == (REASON, first["draw_digest"])
    assert "/annulment-1.txt" in told["annulment_url"]
    second = _drawn(town)
    assert second["draw_digest"] not in (None, first["draw_digest"])
    number = WaveNumber(CLOSED_WAVE)
    for attempt in (1, 2):
        assert bootstrap.draw_files().published(names.bundle_name(number, attempt))
    tick(town)
    assert public(town, CLOSED_WAVE)["state"] == "announced"


def _draws(town: Town, number: int = CLOSED_WAVE) -> dict[str, Any]:
    return town.ask("GET", f"/v1/waves/{number}/draw").body


def _drawn(town: Town) -> dict[str, Any]:
    """The closed wave, once it is drawn."""
    for _ in range(8):
        tick(town)
        wave = public(town, CLOSED_WAVE)
        if wave["state"] == "drawn":
            return wave
        town.clock.at += timedelta(minutes=10)
    pytest.fail(f"it stays {wave['state']}")
