"""``python -m infra.receipts``: whoever holds a receipt and our public key can check it without us."""

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.receipts import SignedReceipt, canonical
from infra.receipts import Unusable, main, replay, verify
from tests.builders import a_verified_applicant, an_identity
from tests.fakes import FakeSigner
from tests.unit.papers import AIDED, KEYS, a_receipt, written

RECEIPT = a_receipt(a_verified_applicant(checks=AIDED), scheme="2020")
TEXT = written(RECEIPT)


def signed(body: dict[str, Any]) -> SignedReceipt:
    return SignedReceipt(body, FakeSigner().sign(canonical(body)).hex())


def pem_of(key: Any) -> bytes:
    found: bytes = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return found


@pytest.mark.parametrize("layout", [{}, {"indent": 2}, {"sort_keys": True}, {"separators": (",", ":")}])
def test_a_receipt_is_genuine_however_its_json_is_laid_out(layout: dict[str, Any]) -> None:
    found = verify(written(RECEIPT, **layout), KEYS)
    assert (found.holds, found.sentence) == (True, "Genuine. Scheme 2020 on 2026-03-02: not_eligible (social_aid).")


@pytest.mark.parametrize("layout", [{"separators": (",", ":")}, {"indent": 2}])
def test_one_bit_that_is_changed_anywhere_is_found(layout: dict[str, Any]) -> None:
    text, chance = written(RECEIPT, **layout), random.Random(3)
    places = chance.sample(range(len(text) * 8), 2_000)
    unnoticed = [place for place in places if verify(flipped(text, place), KEYS).holds]
    assert unnoticed == []


def test_one_bit_of_the_signature_is_found() -> None:
    start = TEXT.index(RECEIPT.signature.encode())
    for place in range(start * 8, (start + 128) * 8):
        assert not verify(flipped(TEXT, place), KEYS).holds


def flipped(text: bytes, place: int) -> bytes:
    changed = bytearray(text)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


@given(st.data())
def test_any_other_content_is_found(data: st.DataObject) -> None:
    """Every field, replaced by whatever JSON can say."""
    name = data.draw(st.sampled_from(sorted(RECEIPT.body)))
    value = data.draw(st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2))
    body = {**RECEIPT.body, name: value}
    altered = written(SignedReceipt(body, RECEIPT.signature))
    assert verify(altered, KEYS).holds is (canonical(body) == canonical(RECEIPT.body))


@given(st.binary() | st.text().map(str.encode))
def test_any_file_is_a_receipt_or_is_said_to_be_none(text: bytes) -> None:
    assert not verify(text, KEYS).holds
    with pytest.raises(Unusable):
        replay(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "receipt and signature, and nothing else"),
        (TEXT.replace(b'{"receipt"', b'{"note": 1, "receipt"'), "and nothing else"),
        (TEXT.replace(b'"wave"', b'"wave": 3, "wave"'), "a name stands twice"),
        (TEXT.replace(b'"wave": null', b'"wave": 1.5'), "1.5 is not a whole number"),
        (TEXT.replace(b"receipt/1", b"receipt/2"), "format"),
        (TEXT.replace(b'"signed_by": "1"', b'"signed_by": "9"'), "key '9' signed it; the file of keys has '0', '1'"),
        (TEXT.replace(b'"signed_by": "1"', b'"signed_by": "0"'), "altered"),
        (TEXT.replace(RECEIPT.signature.encode(), RECEIPT.signature.upper().encode()), "lower-case hex"),
        (TEXT.replace(b"2020", b"2023"), "altered"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: bytes, told: str) -> None:
    found = verify(text, KEYS)
    assert not found.holds
    assert told in found.sentence


def test_another_s_key_does_not_fit_and_ours_may_come_as_pem() -> None:
    ours = Ed25519PublicKey.from_public_bytes(FakeSigner().public_keys()["1"])
    assert verify(TEXT, pem_of(ours)).holds
    assert not verify(TEXT, pem_of(Ed25519PrivateKey.generate().public_key())).holds


@pytest.mark.parametrize(
    "keys", [b"", b"[]", b'{"keys": 7}', b'{"keys": [{"key": "1"}]}', b"-----BEGIN PUBLIC KEY-----"]
)
def test_a_file_that_holds_no_keys_is_said_to_be_none(keys: bytes) -> None:
    with pytest.raises(Unusable, match="GET /v1/receipt-keys"):
        verify(TEXT, keys)


def test_a_receipt_tells_nothing_that_says_who_it_is_about() -> None:
    identity = an_identity()
    for personal in (identity.nik, identity.family_card_no, identity.full_name, identity.phone, "applicant-000001"):
        assert personal.encode() not in written(a_receipt())


# --- Deciding again ---------------------------------------------------------------------------------------------------


def test_a_receipt_comes_out_the_same() -> None:
    found = replay(TEXT)
    assert (found.holds, found.sentence) == (True, "The same. Scheme 2020 on 2026-03-02: not_eligible (social_aid).")


def test_another_scheme_decides_otherwise_on_the_same_person() -> None:
    found = replay(TEXT, scheme="2023")
    assert not found.holds
    assert found.sentence == (
        "Not the same: outcome, reasons. Scheme 2023 on 2026-03-02: eligible; "
        "the receipt says not_eligible (social_aid)."
    )


def test_so_may_another_day() -> None:
    text = written(a_receipt())
    assert replay(text, on=date(2026, 1, 1)).holds
    early = replay(text, on=date(2013, 3, 11))
    assert early.sentence.startswith("Not the same: outcome, reasons. Scheme 2023 on 2013-03-11: not_eligible (age)")


def test_rules_that_have_changed_since_are_told() -> None:
    found = replay(written(signed({**RECEIPT.body, "rules": "sha256:of-other-rules"})))
    assert not found.holds
    assert found.sentence.startswith("The rules of the scheme are no longer those of the receipt, and give the same.")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"scheme": "1999"}, "scheme: 2020, 2023"),
        ({"inputs": [{"fact": "student"}]}, "inputs: "),
        ({"inputs": [{"fact": "shoe_size", "value": 1, "source": None, "as_of": None}]}, "shoe_size"),
        ({"inputs": [{"fact": "student", "value": 1, "source": None, "as_of": None}]}, "student is 1, not bool"),
        ({"decided_on": "yesterday"}, "decided_on"),
    ],
)
def test_what_cannot_be_decided_again_is_said(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(Unusable, match=told):
        replay(written(signed({**RECEIPT.body, **changes})))


# --- As it is called --------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    contents = {"receipt": TEXT, "altered": TEXT.replace(b"DTKS", b"BPNT"), "keys": KEYS, "large": b" " * 1_000_001}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: str(tmp_path / name) for name in [*contents, "missing"]}


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [("receipt", 0, "Genuine."), ("altered", 1, "altered"), ("missing", 2, "No such file"), ("large", 2, "larger")],
)
def test_the_command_verifies(
    files: dict[str, str], capsys: pytest.CaptureFixture[str], name: str, status: int, told: str
) -> None:
    assert main(["verify", files[name], "--key", files["keys"]]) == status
    printed = capsys.readouterr()
    assert told in (printed.err if status else printed.out)


def test_the_command_tells_programs_in_json(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", files["receipt"], "--key", files["keys"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["receipt"] == dict(RECEIPT.body)
    assert main(["replay", files["receipt"], "--scheme", "2023", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["holds"], told["differs_in"]) == (False, ["outcome", "reasons"])


def test_the_command_replays(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", files["receipt"]]) == 0
    assert main(["replay", files["receipt"], "--on", "2013-03-11"]) == 1
    assert main(["replay", files["keys"]]) == 2
    assert capsys.readouterr().out.startswith("The same.")
