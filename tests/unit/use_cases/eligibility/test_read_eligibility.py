"""Whoever asks is told whether they may take part, why, and what was decided before."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.eligibility import Verdict
from chalicelib.domain.identifiers import Index, WaveNumber
from chalicelib.domain.ledger import grant
from chalicelib.domain.money import Rupiah
from chalicelib.use_cases.eligibility.read_eligibility import Eligibility, read_eligibility
from chalicelib.use_cases.waves.join_wave import join_wave
from infra.receipts import verify
from tests.builders import a_family_card_no, a_membership, a_verified_applicant, a_wave, an_applicant_id
from tests.fakes import NOON, World
from tests.unit.papers import AIDED, KEYS, written

ME = an_applicant_id()


def read(world: World, *, limit: int = 50, before: int | None = None) -> Eligibility:
    return read_eligibility(
        ME,
        limit=limit,
        before=before,
        applicants=world.applicants,
        waves=world.waves,
        memberships=world.memberships,
        notary=world.notary,
    )


def award(world: World, number: int, **changes: Any) -> None:
    posting = grant(an_applicant_id(number), wave=1, amount=Rupiah(1), now=NOON)
    world.memberships.award(a_membership(number, **changes), posting, most_per_family=2)


def inputs(found: Eligibility) -> dict[str, Any]:
    return {each["fact"]: each["value"] for each in found.receipt.body["inputs"]}


def test_of_somebody_new_nothing_is_known_and_nothing_is_held_against_them(world: World) -> None:
    found = read(world)
    assert (found.decision.verdict, found.decision.reasons) == (Verdict.NOT_YET_KNOWN, ())
    assert found.kept == []


def test_the_answer_is_a_receipt_that_anybody_can_check_and_that_is_not_kept(world: World) -> None:
    world.applicants.save(a_verified_applicant())
    found = read(world)
    assert verify(written(found.receipt), KEYS).holds
    assert (found.receipt.body["occasion"], found.receipt.body["number"]) == ("question", None)
    assert read(world).kept == []


def test_a_year_and_more_planned_ahead_does_not_hide_the_open_wave(world: World) -> None:
    world.waves.add(a_wave(1, scheme="2020"))
    for week in range(1, 105):
        opens_at = NOON + timedelta(weeks=week)
        world.waves.add(a_wave(week + 1, opens_at=opens_at, closes_at=opens_at + timedelta(days=4)))
    assert (read(world).receipt.body["wave"], read(world).decision.scheme) == (1, "2020")


@pytest.mark.parametrize(("after", "wave", "scheme"), [(0, 7, "2020"), (30, None, "2023")])
def test_the_open_waves_scheme_decides_and_else_today_s(
    world: World, after: int, wave: int | None, scheme: str
) -> None:
    world.applicants.save(a_verified_applicant(checks=AIDED))
    world.waves.add(a_wave(7, scheme="2020"))
    world.clock.moves_to(NOON + timedelta(days=after))
    found = read(world)
    assert (found.receipt.body["wave"], found.decision.scheme) == (wave, scheme)
    assert found.decision.reasons == (("social_aid",) if scheme == "2020" else ())


def test_our_own_books_are_looked_at(world: World) -> None:
    world.applicants.save(a_verified_applicant())
    family = Index(world.indexer.index("family_card", a_family_card_no()))
    award(world, 8, family=family)
    assert (inputs(read(world))["family_places_taken"], read(world).decision.reasons) == (1, ())
    award(world, 9, family=family)
    assert read(world).decision.reasons == ("family_limit",)
    award(world, 1)
    assert set(read(world).decision.reasons) == {"earlier_recipient", "family_limit"}


def test_what_was_decided_before_is_told_newest_first_page_by_page(world: World) -> None:
    world.applicants.save(a_verified_applicant())
    for wave in (1, 2, 3):
        world.waves.add(a_wave(wave))
        ports = {"waves": world.waves, "applicants": world.applicants, "memberships": world.memberships}
        join_wave(ME, WaveNumber(wave), **ports, notary=world.notary)  # type: ignore[arg-type]
    first = read(world, limit=2).kept
    assert [receipt.body["wave"] for receipt in first] == [3, 2]
    assert [receipt.body["wave"] for receipt in read(world, limit=2, before=first[-1].number).kept] == [1]
