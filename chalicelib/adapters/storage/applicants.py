"""Table ``applicants``: identities with their checks, and who claimed which NIK."""

import json
from collections.abc import Mapping, Sequence

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage.fields import from_fields, plain, structured, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, Refused, Write, found, save, save_together
from chalicelib.domain.errors import AlreadyDone, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId, Index
from chalicelib.domain.verification import Applicant, Identity
from chalicelib.ports import Indexer
from chalicelib.settings import region, resource_name

_CLAIMED, _RELEASED = "claimed", "released"


class _Meta:
    table_name = resource_name("applicants")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class ApplicantItem(Item):
    """pk = applicant id, sk = ``-``. The identity is one sealed document; NIK, KK and phone are indexed beside it."""

    class Meta(_Meta):
        pass

    identity = BinaryAttribute(legacy_encoding=False, null=True)
    nik_index = UnicodeAttribute(null=True)
    family_index = UnicodeAttribute(null=True)
    phone_index = UnicodeAttribute(null=True)
    submission = NumberAttribute(default=0)
    reasons = JSONAttribute(null=True)
    checks = JSONAttribute(null=True)
    photos = JSONAttribute(null=True)
    declared_at = UnicodeAttribute(null=True)


class NikItem(Item):
    """pk = ``nik#`` and the NIK's index, sk = ``-``: who holds it (``claimed``), or held it last (``released``)."""

    class Meta(_Meta):
        pass


class ApplicantTable:
    def __init__(self, sealer: KmsSealer, indexer: Indexer) -> None:
        self._sealer = sealer
        self._indexer = indexer

    def get(self, id: ApplicantId) -> Applicant:
        item = found(ApplicantItem, id)
        return self._applicant(item) if item else Applicant(id)

    def save(self, applicant: Applicant) -> None:
        save(self._item(applicant), read_version=applicant.version)

    def save_claim(self, applicant: Applicant) -> None:
        item = self._item(applicant)
        held = found(NikItem, f"nik#{item.nik_index}")
        if held and held.id != applicant.id and held.state == _CLAIMED:
            raise AlreadyDone("nik_claimed")
        _save_with_nik(item, applicant.version, held, _CLAIMED)

    def save_release(self, applicant: Applicant) -> None:
        item = self._item(applicant)
        _save_with_nik(item, applicant.version, found(NikItem, f"nik#{item.nik_index}"), _RELEASED)

    def holders_of(self, niks: Sequence[Index]) -> Mapping[Index, ApplicantId]:
        keys = [(f"nik#{nik}", "-") for nik in niks]
        try:
            items = list(NikItem.batch_get(keys, consistent_read=True)) if keys else []
        except PynamoDBException as error:
            raise StoreUnavailable from error
        held = (item for item in items if item.state == _CLAIMED)
        return {Index(item.pk.removeprefix("nik#")): ApplicantId(item.id) for item in held}

    def _applicant(self, item: ApplicantItem) -> Applicant:
        identity = None
        if item.identity is not None:
            opened = self._sealer.open(item.identity, place=_place(item.id))
            identity = structured(Identity, json.loads(opened))
        return from_fields(Applicant, item, identity=identity and plain(identity))

    def _item(self, applicant: Applicant) -> ApplicantItem:
        written = to_fields(applicant, without=("identity",))
        item = ApplicantItem(applicant.id, "-", kind="applicant", **written)
        if applicant.identity is not None:
            self._put_identity(item, applicant.identity)
        return item

    def _put_identity(self, item: ApplicantItem, identity: Identity) -> None:
        document = json.dumps(plain(identity)).encode()
        item.identity = self._sealer.seal(document, place=_place(item.id))
        item.nik_index = self._indexer.index("nik", identity.nik)
        item.family_index = self._indexer.index("family_card", identity.family_card_no)
        item.phone_index = self._indexer.index("phone", identity.phone)


def _save_with_nik(item: ApplicantItem, read_version: int, held: NikItem | None, state: str) -> None:
    claim = NikItem(f"nik#{item.nik_index}", "-", kind="nik", id=item.id, state=state)
    try:
        save_together([Write(item, read_version), Write(claim, int(held.version) if held else 0)])
    except Refused as refused:
        raise StaleWrite("nik_claim_contended", places=sorted(refused.places)) from None


def _place(id: str) -> str:
    return f"applicants/{id}/identity"
