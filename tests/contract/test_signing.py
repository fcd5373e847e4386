"""What ``ReceiptSigner`` promises."""

import os

import pytest

from chalicelib.adapters.signing import Ed25519Signer, is_signed
from chalicelib.ports import ReceiptSigner
from tests.fakes import FakeSigner

MESSAGE = b'{"outcome":"eligible"}'


@pytest.fixture(params=["fake", "real"])
def signer(request: pytest.FixtureRequest) -> ReceiptSigner:
    return FakeSigner() if request.param == "fake" else Ed25519Signer({"a": os.urandom(32), "b": os.urandom(32)}, "b")


def test_what_is_signed_is_known_by_the_present_key_and_by_no_other(signer: ReceiptSigner) -> None:
    signature, keys = signer.sign(MESSAGE), signer.public_keys()
    assert [name for name, key in keys.items() if is_signed(MESSAGE, signature, key)] == [signer.key]
    assert len(keys) == 2


def test_another_message_or_signature_is_not_known(signer: ReceiptSigner) -> None:
    signature, key = signer.sign(MESSAGE), signer.public_keys()[signer.key]
    assert not is_signed(MESSAGE + b" ", signature, key)
    assert not is_signed(MESSAGE, signature[:-1], key)
    assert not is_signed(MESSAGE, bytes(64), key)
    assert not is_signed(MESSAGE, signature, key[:-1])


def test_a_signature_is_the_same_each_time_and_tells_nothing_of_the_key(signer: ReceiptSigner) -> None:
    assert signer.sign(MESSAGE) == signer.sign(MESSAGE)
    assert len(signer.sign(MESSAGE)) == 64
    assert {len(key) for key in signer.public_keys().values()} == {32}


def test_a_key_that_is_gone_does_not_undo_what_it_signed() -> None:
    old, new = os.urandom(32), os.urandom(32)
    before, after = Ed25519Signer({"1": old}, "1"), Ed25519Signer({"1": old, "2": new}, "2")
    assert is_signed(MESSAGE, before.sign(MESSAGE), after.public_keys()["1"])
    assert after.key == "2"
