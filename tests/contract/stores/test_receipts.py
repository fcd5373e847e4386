"""What ``Receipts`` promises: numbered, never changed, newest first, and readable by us alone."""

from typing import Any

import boto3
import pytest

from chalicelib import bootstrap
from chalicelib.domain.errors import AlreadyDone, Misconfigured, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.receipts import SignedReceipt
from chalicelib.settings import resource_name
from infra.receipts import verify
from tests.builders import a_verified_applicant, an_applicant_id
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.unit.papers import AIDED, KEYS, a_receipt, written

PAPER = a_receipt(a_verified_applicant(checks=AIDED), number=1)


def somebody() -> ApplicantId:
    return an_applicant_id(fresh())


def numbered(number: int, **changes: Any) -> SignedReceipt:
    return SignedReceipt({**PAPER.body, "number": number, **changes}, PAPER.signature)


def numbers(stores: Stores, id: ApplicantId, **where: Any) -> list[int]:
    return [each.number for each in stores.receipts.newest_first(id, **where)]


def test_a_receipt_comes_back_to_the_letter_and_still_genuine(stores: Stores) -> None:
    id = somebody()
    stores.receipts.add(id, PAPER)
    (found,) = stores.receipts.newest_first(id, limit=5)
    assert found == PAPER
    assert verify(written(found), KEYS).holds


def test_they_are_told_newest_first_page_by_page(stores: Stores) -> None:
    id, other = somebody(), somebody()
    for number in range(1, 13):
        stores.receipts.add(id, numbered(number))
    stores.receipts.add(other, numbered(1))
    assert numbers(stores, id, limit=5) == [12, 11, 10, 9, 8]
    assert numbers(stores, id, limit=5, before=8) == [7, 6, 5, 4, 3]
    assert numbers(stores, id, limit=5, before=3) == [2, 1]
    assert numbers(stores, id, limit=5, before=1) == []


def test_who_was_never_decided_about_has_none(stores: Stores) -> None:
    assert numbers(stores, somebody(), limit=5) == []


def test_a_number_is_given_once_and_what_it_stands_for_is_never_changed(stores: Stores) -> None:
    id = somebody()
    stores.receipts.add(id, numbered(1, wave=1))
    with pytest.raises(AlreadyDone):
        stores.receipts.add(id, numbered(1, wave=2))
    assert [each.body["wave"] for each in stores.receipts.newest_first(id, limit=5)] == [1]


def test_a_reply_that_is_lost_is_not_taken_for_another_s_receipt(stores: Stores) -> None:
    id = somebody()
    with stores.one_reply_lost():
        stores.receipts.add(id, numbered(1))
    assert numbers(stores, id, limit=5) == [1]


def test_who_never_learns_of_the_write_finds_it(stores: Stores) -> None:
    id = somebody()
    with stores.no_reply_comes("receipts.add"), pytest.raises(StoreUnavailable):
        stores.receipts.add(id, numbered(1))
    assert numbers(stores, id, limit=5) == [1]


@pytest.mark.usefixtures("deployed")
def test_the_table_tells_nothing_of_what_was_decided() -> None:
    id = somebody()
    bootstrap.receipts().add(id, numbered(1))
    (row,) = _rows(id)
    assert not [word for word in (b"1995-03-12", b"social_aid", b"DTKS", b"eligible") if word in repr(row).encode()]


@pytest.mark.usefixtures("deployed")
def test_a_receipt_that_is_moved_to_another_person_does_not_open() -> None:
    id, other = somebody(), somebody()
    bootstrap.receipts().add(id, numbered(1))
    (row,) = _rows(id)
    boto3.client("dynamodb").put_item(TableName=resource_name("receipts"), Item={**row, "pk": {"S": other}})
    with pytest.raises(Misconfigured, match="sealed_value_out_of_place"):
        bootstrap.receipts().newest_first(other, limit=1)


def _rows(id: ApplicantId) -> list[dict[str, Any]]:
    found = boto3.client("dynamodb").query(
        TableName=resource_name("receipts"),
        KeyConditionExpression="pk = :id",
        ExpressionAttributeValues={":id": {"S": id}},
    )
    items: list[dict[str, Any]] = found["Items"]
    return items
