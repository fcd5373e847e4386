"""What ``Applicants`` promises of selfies: found again by half of their fingerprint."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.face_match import FaceMatch, FaceState
from chalicelib.domain.verification import Applicant, Photo, PhotoKind, PhotoState
from chalicelib.ports import Applicants
from tests.builders import an_applicant, an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON


def with_selfie(number: int, fingerprint: str, upload: str = "1", **changes: Any) -> Applicant:
    key = f"photos/{an_applicant_id(number)}/selfie/{upload}.jpg"
    selfie = Photo(PhotoState.ACCEPTED, None, key, NOON, fingerprint)
    return an_applicant(number, photos={PhotoKind.SELFIE: selfie}, **changes)


def a_fingerprint() -> str:
    """Shares no half with any other."""
    return f"{fresh():04x}" * 4


def flipped(fingerprint: str, *bits: int) -> str:
    return f"{int(fingerprint, 16) ^ sum(1 << bit for bit in bits):016x}"


def test_a_selfie_is_found_by_half_of_its_fingerprint(applicants: Applicants) -> None:
    number, fingerprint = fresh(), a_fingerprint()
    applicants.save_selfie(with_selfie(number, fingerprint))
    seen = (an_applicant_id(number), fingerprint)
    for bits in ((), (0,), (0, 20), (0, 1, 2, 63)):
        assert seen in applicants.selfies_like(flipped(fingerprint, *bits)), bits
    assert seen not in applicants.selfies_like(flipped(fingerprint, 0, 20, 40))


def test_a_selfie_is_stored_with_what_it_is_found_by_or_not_at_all(applicants: Applicants) -> None:
    number, fingerprint = fresh(), a_fingerprint()
    applicants.save(an_applicant(number))
    with pytest.raises(StaleWrite):
        applicants.save_selfie(with_selfie(number, fingerprint))
    assert list(applicants.selfies_like(fingerprint)) == []
    assert applicants.get(an_applicant_id(number)).photos == {}


def test_a_lost_reply_does_not_make_a_selfie_stale(stores: Stores) -> None:
    applicant = with_selfie(fresh(), a_fingerprint())
    with stores.one_reply_lost():
        stores.applicants.save_selfie(applicant)
    assert stores.applicants.get(applicant.id) == replace(applicant, version=1)


def test_the_same_selfie_may_come_again(applicants: Applicants) -> None:
    number, fingerprint = fresh(), a_fingerprint()
    for version in range(2):
        applicants.save_selfie(with_selfie(number, fingerprint, version=version))
    assert applicants.get(an_applicant_id(number)).version == 2
    assert set(applicants.selfies_like(fingerprint)) == {(an_applicant_id(number), fingerprint)}


def test_a_picture_that_everybody_sends_is_read_in_part(applicants: Applicants) -> None:
    """A blank sheet would be one partition with everybody in it."""
    fingerprint, senders = a_fingerprint(), [fresh() for _ in range(25)]
    for number in senders:
        applicants.save_selfie(with_selfie(number, fingerprint))
    found = applicants.selfies_like(fingerprint)
    assert {seen[1] for seen in found} == {fingerprint}
    assert 5 < len({seen[0] for seen in found}) <= 20
    assert len(found) <= 120


def test_a_face_comes_back_as_stored(applicants: Applicants) -> None:
    face = FaceMatch(FaceState.REVIEW, "face_in_review", 61, "photos/1.jpg", NOON, 2)
    applicant = with_selfie(fresh(), a_fingerprint(), face=face, waiting_since=NOON)
    applicants.save(applicant)
    assert applicants.get(applicant.id) == replace(applicant, version=1)
