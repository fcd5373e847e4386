"""Personal values in the tables: unreadable there, and of no use anywhere else. Only the real stores seal."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from chalicelib import bootstrap
from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.identifiers import ClientCode, WaveNumber
from chalicelib.settings import resource_name
from infra.local.engine import Engine
from tests.builders import a_partner, a_verified_applicant, a_wave, an_account, an_applicant_id, an_identity
from tests.contract.stores.fresh import fresh
from tests.money import a_payout_account

pytestmark = pytest.mark.usefixtures("deployed")


@dataclass(frozen=True)
class Sealed:
    """One kind of sealed value: how it is stored for a number, where it lies, how it is read, and what is secret."""

    table: str
    attribute: str
    key_of: Callable[[int], tuple[str, str]]
    store: Callable[[int], None]
    read: Callable[[int], Any]
    secrets: Callable[[int], list[str]]


def _identity_secrets(number: int) -> list[str]:
    stated = an_identity(number)
    phones = [stated.phone, stated.phone.removeprefix("+62")]
    names = [stated.full_name, stated.mother_name, stated.street]
    return [stated.nik, stated.family_card_no, stated.birth_date.isoformat(), *phones, *names]


KINDS = {
    "e-mail address": Sealed(
        "accounts",
        "email",
        lambda number: (an_applicant_id(number), "-"),
        lambda number: bootstrap.accounts().add(an_account(number)),
        lambda number: bootstrap.accounts().get(an_applicant_id(number)),
        lambda number: [an_account(number).email, "contoh.example"],
    ),
    "identity": Sealed(
        "applicants",
        "identity",
        lambda number: (an_applicant_id(number), "-"),
        lambda number: bootstrap.applicants().save(a_verified_applicant(number)),
        lambda number: bootstrap.applicants().get(an_applicant_id(number)),
        _identity_secrets,
    ),
    "secret of a draw": Sealed(
        "waves",
        "secret",
        lambda number: ("wave", f"{number:06d}"),
        lambda number: bootstrap.waves().add(a_wave(number, secret=f"nobody guesses this {number}")),
        lambda number: bootstrap.waves().get(WaveNumber(number)),
        lambda number: [f"nobody guesses this {number}"],
    ),
    "partner's key": Sealed(
        "training",
        "sign_key",
        lambda number: (f"partner#platform-{number}", "-"),
        lambda number: bootstrap.courses().put_partner(a_partner(f"platform-{number}")),
        lambda number: bootstrap.courses().partner(ClientCode(f"platform-{number}")),
        lambda number: [a_partner(f"platform-{number}").sign_key],
    ),
    "payout account": Sealed(
        "payouts",
        "account",
        lambda number: (an_applicant_id(number), "-"),
        lambda number: bootstrap.payout_accounts().save(a_payout_account(number)),
        lambda number: bootstrap.payout_accounts().get(an_applicant_id(number)),
        lambda number: [a_payout_account(number).account.account_no, a_payout_account(number).account.holder_name],
    ),
}


def raw_item(kind: Sealed, number: int) -> dict[str, Any]:
    pk, sk = kind.key_of(number)
    asked = {"TableName": resource_name(kind.table), "Key": {"pk": {"S": pk}, "sk": {"S": sk}}}
    found: dict[str, Any] = boto3.client("dynamodb").get_item(**asked)["Item"]
    return found


def readable(value: Any) -> str:
    """All that can be read of an attribute, bytes and hexadecimal digits as the text they may hold."""
    if isinstance(value, dict):
        return "\n".join(readable(each) for each in value.values())
    if isinstance(value, list):
        return "\n".join(readable(each) for each in value)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    text = str(value)
    try:
        return text + "\n" + bytes.fromhex(text).decode("latin-1")
    except ValueError:
        return text


@pytest.mark.parametrize("name", KINDS)
def test_a_personal_value_cannot_be_read_in_its_item(name: str) -> None:
    kind, number = KINDS[name], fresh()
    kind.store(number)
    text = readable(raw_item(kind, number)).lower()
    assert not [secret for secret in kind.secrets(number) if secret.lower() in text]


@pytest.mark.parametrize("name", KINDS)
def test_a_sealed_value_moved_to_another_item_does_not_open(name: str) -> None:
    kind, mine, theirs = KINDS[name], fresh(), fresh()
    for number in (mine, theirs):
        kind.store(number)
    stolen = raw_item(kind, mine)[kind.attribute]
    victim = raw_item(kind, theirs) | {kind.attribute: stolen}
    boto3.client("dynamodb").put_item(TableName=resource_name(kind.table), Item=victim)
    with pytest.raises(Misconfigured, match="sealed_value_out_of_place"):
        kind.read(theirs)
    assert kind.read(mine) is not None


def test_the_same_value_is_sealed_differently_each_time(deployed: Engine) -> None:
    kind, numbers = KINDS["secret of a draw"], (fresh(), fresh())
    secrets = set()
    for number in numbers:
        bootstrap.waves().add(a_wave(number, secret="the same"))
        secrets.add(raw_item(kind, number)["secret"]["S"][-16:])
    assert len(secrets) == 2


def test_a_nik_is_found_by_an_index_that_is_not_its_hash(deployed: Engine) -> None:
    kind, number = KINDS["identity"], fresh()
    kind.store(number)
    nik = an_identity(number).nik
    text = readable(raw_item(kind, number))
    assert raw_item(kind, number)["nik_index"]["S"] == bootstrap.indexer().index("nik", nik)
    assert hashlib.sha256(nik.encode()).hexdigest() not in text
