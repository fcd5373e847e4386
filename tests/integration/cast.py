"""Whoever appears in the samples of ``events/`` and in these tests: one person for each stage of the way.

All are women of Jakarta, born on 5 May 1995, and told apart by their number. Nobody here exists.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum, auto
from pathlib import Path
from typing import Any

from chalicelib.adapters.indexing import HmacIndexer
from chalicelib.domain.identifiers import ApplicantId, BatchId, PayoutId, PurchaseId
from chalicelib.domain.money import Rupiah
from chalicelib.domain.payout_batches import Line, make_batch
from chalicelib.domain.references import LABEL, reference_from
from chalicelib.use_cases.payouts.prepare_incentive import COMPLETION, FIRST, payout_id_of
from chalicelib.use_cases.registration.account_of import account_id_of
from chalicelib.use_cases.registration.proofs import code_of, email_code_of, link_token_of
from tests.integration.signing import signature_of
from tests.integration.town import INDEX_KEY

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
"""Twelve o'clock in Jakarta, when the tests begin."""
EVENING = NOON - timedelta(hours=11)
"""The night before, when waves 1 and 2 are joined."""

PASSWORD = "kata sandi yang panjang"
STAFF, FIRST_APPROVER, SECOND_APPROVER = "sesi-staf", "sesi-penyetuju-1", "sesi-penyetuju-2"
CASEWORKER, OWN_STAFF = "sesi-pendamping", "sesi-staf-yuni"
"""Session tokens; the last one's own account is yuni's."""
PLATFORM, PROVIDER, OTHER_PARTNER = "pijar", "lembaga-karya", "mitra-lain"
SIGN_KEYS = {PLATFORM: "kunci-pijar", PROVIDER: "kunci-lembaga-karya", OTHER_PARTNER: "kunci-mitra-lain"}
COURSE, SCHEDULE, PRICE = "warung-kopi", "warung-kopi-1", 750_000
SEQUENCES = (1, 2, 999)
INCENTIVE = 600_000
DRAWN_WAVE, CLOSED_WAVE, OPEN_WAVE = 1, 2, 3
UNANNOUNCED_WAVE, DOUBTED_WAVE, PLANNED_WAVE = 6, 7, 8
"""Nobody joined the first two; of the second it is asked that its draw be annulled. The third awaits approval."""

INDEXER = HmacIndexer({"1": INDEX_KEY}, "1")


class Stage(IntEnum):
    """How far somebody has come."""

    OPENED = auto()
    ACTIVE = auto()
    SUBMITTED = auto()
    CHECKING = auto()
    VERIFIED = auto()
    PHOTOGRAPHED = auto()
    COMPLETE = auto()
    """The face is recognised, the declaration signed: a wave may be joined."""
    JOINED = auto()
    CHOSEN = auto()
    AWARDED = auto()
    INDUCTED = auto()
    OFFERED = auto()
    PAID = auto()
    REDEEMED = auto()
    TRAINED = auto()
    CERTIFIED = auto()
    REVIEWED = auto()
    LINKED = auto()
    ACCOUNT_VERIFIED = auto()
    PREPARED = auto()
    BATCHED = auto()
    APPROVED = auto()
    OUT_OF_SIGHT = auto()


@dataclass(frozen=True)
class Person:
    name: str
    number: int
    stage: Stage
    wave: int = DRAWN_WAVE

    birth_date = date(1995, 5, 5)

    @property
    def email(self) -> str:
        return f"{self.name}@contoh.example"

    @property
    def token(self) -> str:
        return f"sesi-{self.name}"

    @property
    def full_name(self) -> str:
        return f"{self.name.title()} Permatasari"

    @property
    def mother_name(self) -> str:
        return f"Ibu {self.name.title()}"

    @property
    def nik(self) -> str:
        return f"317405450595{self.number:04d}"

    @property
    def family_card_no(self) -> str:
        return f"317405120610{self.number:04d}"

    @property
    def phone(self) -> str:
        return f"+62812000000{self.number:02d}"

    @property
    def account_no(self) -> str:
        return f"8800000000{self.number:02d}"

    @property
    def invoice(self) -> str:
        return f"INV-{self.number:04d}"

    @property
    def registration_id(self) -> str:
        return f"pendaftaran-{self.name}"

    @property
    def payment_token(self) -> str:
        return f"bayar-{self.name}"

    @property
    def document_key(self) -> str:
        return f"documents/{self.id}/{'id' if self.name == 'yuni' else 'family'}_card/unggahan-1"

    # --- What follows from these under the index key of the tests -------------------------------------------------

    @property
    def id(self) -> ApplicantId:
        return account_id_of(self.email, INDEXER)

    @property
    def reference(self) -> str:
        return reference_from(INDEXER.derived(LABEL, self.id))

    @property
    def link_token(self) -> str:
        return link_token_of(self.id, self.registration_id, INDEXER)

    @property
    def email_code(self) -> str:
        return email_code_of(self.id, self.registration_id, INDEXER)

    @property
    def purchase_id(self) -> PurchaseId:
        return PurchaseId(INDEXER.index("payment_token", self.payment_token))

    @property
    def otp(self) -> str:
        return code_of("purchase", self.purchase_id, INDEXER)

    @property
    def payout_id(self) -> str:
        return payout_id_of(self.id, COMPLETION, FIRST, INDEXER)

    @property
    def batch_id(self) -> BatchId:
        line = Line(PayoutId(self.payout_id), self.id, COMPLETION, FIRST, 1, Rupiah(INCENTIVE))
        return make_batch([line], bank="bni", day=NOON.date(), number=1, by=None, now=NOON).id

    def identity(self, **other: Any) -> dict[str, Any]:
        """As stated, and as the registry knows it; ``other`` replaces fields."""
        stated = {
            "nik": self.nik,
            "family_card_no": self.family_card_no,
            "full_name": self.full_name,
            "birth_date": str(self.birth_date),
            "sex": "female",
            "mother_name": self.mother_name,
            "street": "Jl. Melati 3",
            "province_code": "31",
            "regency_code": "3174",
            "phone": self.phone,
            "occupation": "seeker",
        }
        return stated | other


_STAGES = {
    "ani": Stage.OPENED,
    "budi": Stage.ACTIVE,
    "citra": Stage.SUBMITTED,
    "dewi": Stage.CHECKING,
    "eka": Stage.COMPLETE,
    "fitri": Stage.JOINED,
    "gita": Stage.JOINED,
    "hana": Stage.CHOSEN,
    "indah": Stage.AWARDED,
    "juli": Stage.INDUCTED,
    "kartika": Stage.OFFERED,
    "lestari": Stage.PAID,
    "maya": Stage.REDEEMED,
    "nanda": Stage.TRAINED,
    "oka": Stage.CERTIFIED,
    "putri": Stage.LINKED,
    "ratna": Stage.ACCOUNT_VERIFIED,
    "sari": Stage.PREPARED,
    "tuti": Stage.APPROVED,
    "umi": Stage.OUT_OF_SIGHT,
    "vina": Stage.PAID,
    "wati": Stage.INDUCTED,
    "zahra": Stage.ACTIVE,
    "yuni": Stage.CHECKING,
    "yanti": Stage.CHECKING,
    "yani": Stage.PHOTOGRAPHED,
    "yola": Stage.PHOTOGRAPHED,
    "zainab": Stage.CHECKING,
    "ulfa": Stage.CHOSEN,
    "siska": Stage.INDUCTED,
    "wulan": Stage.BATCHED,
    "vivi": Stage.APPROVED,
    "yulia": Stage.APPROVED,
}
"""fitri waits in the wave that is to be drawn, vina's sale was voided, wati tries a code of the sandbox, zahra's
password is used by those who sign in; yuni's name is unclear and her identity card came, of yanti a family card is
wanted; yola's selfie is like yani's, and the registry was not sure of her face; zainab's mother's
name was mistyped; ulfa was chosen, and is on the blocklist; siska let the deadline of her first purchase pass;
vivi's payout was held back, yulia's was rejected for good."""

_EARLIER_WAVE = {"fitri": CLOSED_WAVE}
CAST: Mapping[str, Person] = {
    name: Person(name, number, stage, _EARLIER_WAVE.get(name, DRAWN_WAVE))
    for number, (name, stage) in enumerate(_STAGES.items(), start=1)
}
NEWCOMER = Person("xenia", 90, Stage.OPENED)
"""Somebody who has never been here, and whom the neighbours know all the same."""
PEOPLE: Mapping[str, Person] = {person.nik: person for person in (*CAST.values(), NEWCOMER)}
SANDBOX_CODE = "PRAT-WATI-0001"


def main(paths: list[str]) -> None:
    """What a sample has to say, to copy from."""
    for path in paths:
        event = json.loads(Path(path).read_text("utf-8"))
        code = event["headers"]["client_code"]
        signed = code, SIGN_KEYS[code], event["headers"]["timestamp"], event["path"], event["body"].encode()
        sys.stdout.write(f"{path} {signature_of(*signed)}\n")
    for person in () if paths else (*CAST.values(), NEWCOMER):
        sys.stdout.write(f"{person.name}, {person.stage.name.lower()}\n")
        for name in ("id", "reference", "email_code", "link_token", "purchase_id", "otp", "payout_id", "batch_id"):
            sys.stdout.write(f"  {name:12} {getattr(person, name)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
