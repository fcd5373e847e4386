"""Table ``applicants``: identities with their checks, who claimed which NIK, and the indexes by which officers find."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage import case_indexes
from chalicelib.adapters.storage.applicants_item import ApplicantsItem, ApplicantsMeta
from chalicelib.adapters.storage.case_indexes import index_keys
from chalicelib.adapters.storage.fields import from_fields, plain, structured, to_fields
from chalicelib.adapters.storage.items import Refused, Write, found, found_each, save, save_together
from chalicelib.adapters.storage.selfies import selfie_writes, selfies_like
from chalicelib.domain.errors import AlreadyDone, StaleWrite, StoreUnavailable
from chalicelib.domain.faces import selfie_to_compare, selfie_to_match
from chalicelib.domain.identifiers import ApplicantId, Index, Reference
from chalicelib.domain.lookalikes import Seen
from chalicelib.domain.nik import Nik
from chalicelib.domain.references import LABEL, reference_from
from chalicelib.domain.support import Waiting, WaitingCase, stamped
from chalicelib.domain.verification import Applicant, Identity
from chalicelib.ports import Indexer

_CLAIMED, _RELEASED = "claimed", "released"


class ApplicantItem(ApplicantsItem):
    """pk = applicant id, sk = ``-``. The identity is one sealed document; NIK, KK and phone are indexed beside it. The
    two selfies are for whoever follows the table's stream (``use_cases/verification/follow_photos.py``)."""

    class Meta(ApplicantsMeta):
        pass

    identity = BinaryAttribute(legacy_encoding=False, null=True)
    nik_index = UnicodeAttribute(null=True)
    family_index = UnicodeAttribute(null=True)
    phone_index = UnicodeAttribute(null=True)
    submission = NumberAttribute(default=0)
    checks = JSONAttribute(null=True)
    photos = JSONAttribute(null=True)
    face = JSONAttribute(null=True)
    selfie_to_compare = UnicodeAttribute(null=True)
    selfie_to_match = UnicodeAttribute(null=True)
    declared_at = UnicodeAttribute(null=True)
    checking_since = UnicodeAttribute(null=True)
    wave_closes_at = UnicodeAttribute(null=True)
    waiting_since = UnicodeAttribute(null=True)
    attempts_given_back = NumberAttribute(default=0)
    corrected_submission = NumberAttribute(default=0)
    documents = JSONAttribute(null=True)
    rulings = JSONAttribute(null=True)


class NikItem(ApplicantsItem):
    """pk = ``nik#`` and the NIK's index, sk = ``-``: who holds it (``claimed``), or held it last (``released``)."""

    class Meta(ApplicantsMeta):
        pass


class ApplicantTable:
    def __init__(self, sealer: KmsSealer, indexer: Indexer, now: Callable[[], datetime]) -> None:
        self._sealer = sealer
        self._indexer = indexer
        self._now = now

    def get(self, id: ApplicantId) -> Applicant:
        item = found(ApplicantItem, id)
        return self._applicant(item) if item else Applicant(id)

    def get_each(self, ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, Applicant]:
        return {ApplicantId(item.pk): self._applicant(item) for item in found_each(ApplicantItem, ids)}

    def save(self, applicant: Applicant) -> None:
        save(self._item(applicant), read_version=applicant.version)

    def save_claim(self, applicant: Applicant) -> None:
        item = self._item(applicant)
        held = found(NikItem, f"nik#{item.nik_index}")
        if held and held.id != applicant.id and held.state == _CLAIMED:
            raise AlreadyDone("nik_claimed")
        _save_with_nik(item, applicant.version, held, _CLAIMED)

    def save_release(self, applicant: Applicant, *, nik: Nik | None = None) -> None:
        item = self._item(applicant)
        nik_index = self._indexer.index("nik", nik) if nik else item.nik_index
        held = found(NikItem, f"nik#{nik_index}")
        if held and held.id != applicant.id:
            save(item, read_version=applicant.version)  # never its own: another's claim is not let go of
        else:
            _save_with_nik(item, applicant.version, held, _RELEASED, nik_index)

    def by_reference(self, reference: Reference) -> Applicant | None:
        ids = case_indexes.holders_of(ApplicantsItem.by_reference, reference)
        return self.get(ApplicantId(ids[0])) if len(ids) == 1 else None

    def waiting(self, waiting: Waiting, *, after: str | None, limit: int) -> tuple[Sequence[WaitingCase], str | None]:
        return case_indexes.cases_of(ApplicantsItem.by_waiting, waiting, after=after, limit=limit)

    def save_selfie(self, applicant: Applicant) -> None:
        item = self._item(applicant)
        try:
            save_together([Write(item, applicant.version), *selfie_writes(applicant)])
        except Refused as refused:
            if 0 in refused.places:
                raise StaleWrite from None
            save(item, read_version=applicant.version)  # the same picture was sent before, and is noted already

    def selfies_like(self, fingerprint: str) -> Sequence[Seen]:
        return selfies_like(fingerprint)

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
        applicant = stamped(applicant, now=self._now())
        reference = reference_from(self._indexer.derived(LABEL, applicant.id))
        written = to_fields(applicant, without=("identity",)) | index_keys(applicant, reference)
        item = ApplicantItem(applicant.id, "-", kind="applicant", **written)
        item.selfie_to_compare, item.selfie_to_match = selfie_to_compare(applicant), selfie_to_match(applicant)
        if applicant.identity is not None:
            self._put_identity(item, applicant.identity)
        return item

    def _put_identity(self, item: ApplicantItem, identity: Identity) -> None:
        document = json.dumps(plain(identity)).encode()
        item.identity = self._sealer.seal(document, place=_place(item.id))
        item.nik_index = self._indexer.index("nik", identity.nik)
        item.family_index = self._indexer.index("family_card", identity.family_card_no)
        item.phone_index = self._indexer.index("phone", identity.phone)


def _save_with_nik(
    item: ApplicantItem, read_version: int, held: NikItem | None, state: str, nik_index: str = ""
) -> None:
    claim = NikItem(f"nik#{nik_index or item.nik_index}", "-", kind="nik", id=item.id, state=state)
    try:
        save_together([Write(item, read_version), Write(claim, int(held.version) if held else 0)])
    except Refused as refused:
        raise StaleWrite("nik_claim_contended", places=sorted(refused.places)) from None


def _place(id: str) -> str:
    return f"applicants/{id}/identity"
