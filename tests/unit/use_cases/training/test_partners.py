"""Let a platform or provider in, and know it again by its signature."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import AlreadyDone, InvalidInput, NotSignedIn
from chalicelib.domain.identifiers import ClientCode
from chalicelib.domain.training import Partner
from chalicelib.use_cases.training.enrol_partner import enrol_partner
from chalicelib.use_cases.training.find_partner import SignedRequest, find_partner, signature_of
from tests.builders import a_partner
from tests.fakes import World

PATH = "/api/v1/integration/payment/redeem-code/commit"
BODY = b'{"redeem_code":"code"}'


def enrolled(world: World) -> Partner:
    return enrol_partner(ClientCode("belajar"), "Belajar", courses=world.courses, chance=world.chance)


def signed(world: World, partner: Partner, **changes: Any) -> SignedRequest:
    seconds = int(world.clock.now().timestamp())
    request = SignedRequest(partner.client_code, str(seconds), "", PATH, BODY)
    request = replace(request, **{name: value for name, value in changes.items() if name != "signature"})
    signature = changes.get("signature", signature_of(request, partner.sign_key))
    return replace(request, signature=signature)


def find(world: World, request: SignedRequest) -> Partner:
    return find_partner(request, courses=world.courses, clock=world.clock)


def test_the_signature_is_that_of_the_published_api() -> None:
    """The vector of its documentation."""
    request = SignedRequest("myclient_code", "1516239022", "", PATH, BODY)
    assert signature_of(request, "my_sign_key") == "943c20a8e36b6243f576404b00fffdc86411ce1f"


def test_an_enrolled_partner_is_known_by_its_signature(world: World) -> None:
    partner = enrolled(world)
    assert find(world, signed(world, partner)) == replace(partner, version=1)


def test_a_partner_is_enrolled_once_and_keeps_its_key(world: World) -> None:
    partner = enrolled(world)
    with pytest.raises(AlreadyDone, match="partner_already_enrolled"):
        enrolled(world)
    assert find(world, signed(world, partner))


def test_every_partner_has_a_key_of_its_own(world: World) -> None:
    other = enrol_partner(ClientCode("kelas"), "Kelas", courses=world.courses, chance=world.chance)
    assert enrolled(world).sign_key != other.sign_key


def enrolled_for_trials(world: World, *, is_production: bool) -> Partner:
    return enrol_partner(
        ClientCode("coba"),
        "Coba",
        is_sandbox=True,
        is_production=is_production,
        courses=world.courses,
        chance=world.chance,
    )


def test_a_partner_may_be_of_the_sandbox_and_is_not_unless_so_enrolled(world: World) -> None:
    trying = enrolled_for_trials(world, is_production=False)
    assert find(world, signed(world, trying)).is_sandbox
    assert not enrolled(world).is_sandbox


def test_there_is_no_sandbox_in_production(world: World) -> None:
    with pytest.raises(InvalidInput, match="sandbox_not_in_production") as refusal:
        enrolled_for_trials(world, is_production=True)
    assert refusal.value.field == "sandbox"
    assert world.courses.partner(ClientCode("coba")) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"body": BODY + b" "},
        {"path": PATH + "/"},
        {"timestamp": "1772427601"},
        {"client_code": "kelas"},
    ],
)
def test_who_signs_something_else_is_nobody(world: World, changes: dict[str, Any]) -> None:
    partner = enrolled(world)
    world.courses.put_partner(a_partner("kelas"))
    request = replace(signed(world, partner), **changes)
    with pytest.raises(NotSignedIn, match="signature_wrong"):
        find(world, request)


@pytest.mark.parametrize("signature", ["", "x", "ä", "0" * 40])
def test_a_forged_signature_is_nobodys(world: World, signature: str) -> None:
    with pytest.raises(NotSignedIn, match="signature_wrong"):
        find(world, signed(world, enrolled(world), signature=signature))


def test_a_stranger_is_refused_in_the_same_words(world: World) -> None:
    """Also one who guessed what we compare a stranger's signature with."""
    stranger = a_partner("stranger", sign_key="nobody")
    with pytest.raises(NotSignedIn, match="signature_wrong"):
        find(world, signed(world, stranger))


@pytest.mark.parametrize(("seconds", "known"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_a_request_is_as_old_as_the_partners_window_allows(world: World, seconds: int, known: bool) -> None:
    request = signed(world, enrolled(world))
    world.clock.passes(seconds=seconds)
    if known:
        assert find(world, request)
    else:
        with pytest.raises(NotSignedIn, match="timestamp_stale"):
            find(world, request)


def test_a_window_is_the_partners_own(world: World) -> None:
    partner = a_partner("slow", clock_window=timedelta(hours=2))
    world.courses.put_partner(partner)
    request = signed(world, partner)
    world.clock.passes(hours=2)
    assert find(world, request)


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "1e9", "1772427600.5", "²", "9" * 12])
def test_a_timestamp_is_whole_seconds(world: World, timestamp: str) -> None:
    request = signed(world, enrolled(world), timestamp=timestamp)
    with pytest.raises(NotSignedIn, match="timestamp_wrong"):
        find(world, request)


def test_the_exact_bytes_are_signed(world: World) -> None:
    """Also bytes that are no text."""
    partner = enrolled(world)
    seconds = str(int(world.clock.now().timestamp()))
    body = b"\xff\xfe\x00"
    text = f"{partner.client_code}{seconds}POST{PATH}".encode() + body
    signature = hmac.new(partner.sign_key.encode(), text, hashlib.sha1).hexdigest()
    assert find(world, SignedRequest(partner.client_code, seconds, signature, PATH, body))
