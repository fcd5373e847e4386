"""Indexes of table ``applicants`` for officers: a case by its reference, and the cases that wait, oldest first.

Only cases that wait are in ``by_waiting``, spread over a few shards that a page reads side by side: no partition grows
hot when an hour's doubts come at once, and the oldest still comes first.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PynamoDBException
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import Reference
from chalicelib.domain.selfie_review import selfie_reasons
from chalicelib.domain.support import Waiting, WaitingCase, waiting_for
from chalicelib.domain.verification import Applicant

_SHARDS = 4
_Place = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A place in a list, why people look into the case, and why at its selfie."""


class ByReferenceIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_reference"
        projection = KeysOnlyProjection()

    reference = UnicodeAttribute(hash_key=True)


class ByWaitingIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """``waiting_place``: the moment and the reference, so that no two cases share a place."""

    class Meta:
        index_name = "by_waiting"
        projection = IncludeProjection(["reasons", "selfie_reasons"])

    waiting_shard = UnicodeAttribute(hash_key=True)
    waiting_place = UnicodeAttribute(range_key=True)


def index_keys(applicant: Applicant, reference: Reference) -> dict[str, Any]:
    keys: dict[str, Any] = {"reference": str(reference)}
    waiting = waiting_for(applicant)
    if waiting and applicant.waiting_since:
        shard = hashlib.sha256(reference.encode()).digest()[0] % _SHARDS
        keys["waiting_shard"] = f"{waiting}#{shard}"
        keys["waiting_place"] = f"{applicant.waiting_since.isoformat()}#{reference}"
        keys["selfie_reasons"] = list(selfie_reasons(applicant))
    return keys


def holders_of(index: ByReferenceIndex, reference: Reference) -> list[str]:
    """Applicants with this reference: one, or, as rarely as never, two."""
    try:
        return [item.pk for item in index.query(reference, limit=2)]
    except PynamoDBException as error:
        raise StoreUnavailable from error


def cases_of(
    index: ByWaitingIndex, waiting: Waiting, *, after: str | None, limit: int
) -> tuple[Sequence[WaitingCase], str | None]:
    """``after`` is the place of the last case that was seen."""
    try:
        shards = [list(_shard(index, f"{waiting}#{number}", after, limit)) for number in range(_SHARDS)]
    except PynamoDBException as error:
        raise StoreUnavailable from error
    found = list(islice(merge(*shards), limit + 1))
    cases = [_case(waiting, *each) for each in found[:limit]]
    return cases, found[limit - 1][0] if len(found) > limit else None


def _shard(index: ByWaitingIndex, key: str, after: str | None, limit: int) -> Iterator[_Place]:
    later = ByWaitingIndex.waiting_place > after if after else None
    for item in index.query(key, later, limit=limit + 1):
        yield item.waiting_place, tuple(item.reasons or ()), tuple(item.selfie_reasons or ())


def _case(waiting: Waiting, place: str, reasons: tuple[str, ...], selfie_reasons: tuple[str, ...]) -> WaitingCase:
    since, _, reference = place.partition("#")
    return WaitingCase(Reference(reference), waiting, reasons, selfie_reasons, datetime.fromisoformat(since))
