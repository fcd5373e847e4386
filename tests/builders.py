"""Small builders with sensible defaults: a test names only what it is about.
``number`` makes one different from another: persons 1 and 2 share nothing by which the system tells people apart.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from chalicelib.domain.face_match import FaceMatch, FaceState
from chalicelib.domain.identifiers import (
    ApplicantId,
    CardNumber,
    ClientCode,
    CourseCode,
    Index,
    InvoiceCode,
    Pseudonym,
    PurchaseId,
    RedeemCode,
    ScheduleCode,
    SendKey,
    StaffId,
    WaveNumber,
)
from chalicelib.domain.mail import Language, MailOrder, Template
from chalicelib.domain.membership import INDUCTION_VIDEOS, Membership, MembershipState, card_number_from
from chalicelib.domain.money import Rupiah
from chalicelib.domain.nik import FamilyCardNo, Nik
from chalicelib.domain.registration import Account, Challenge
from chalicelib.domain.registration import AccountState as MailboxState
from chalicelib.domain.training import Course, LearningMethod, Partner, Purchase, PurchaseState, Schedule
from chalicelib.domain.verification import (
    Applicant,
    Check,
    Identity,
    IdentityState,
    Outcome,
    Photo,
    PhotoKind,
    PhotoState,
    Registry,
    Sex,
)
from chalicelib.domain.waves import Wave, WaveEntry, WaveState, commitment_to
from tests.fakes.surroundings import NOON

PLATFORM = ClientCode("belajar")
PROVIDER = ClientCode("kelas-kopi")
MAKER, CHECKER = StaffId("ani"), StaffId("budi")
_WOMEN_ADD_DAYS = 40


def an_applicant_id(number: int = 1) -> ApplicantId:
    return ApplicantId(f"0.applicant-{number:06d}")


def a_nik(number: int = 1, *, birth_date: date = date(1995, 3, 12), sex: Sex = Sex.FEMALE) -> Nik:
    """Well formed, of Jakarta: another for each number up to 900,000."""
    district, serial = divmod(number - 1, 9999)
    day = birth_date.day + (_WOMEN_ADD_DAYS if sex is Sex.FEMALE else 0)
    return Nik(f"3174{district % 99 + 1:02d}{day:02d}{birth_date:%m%y}{serial + 1:04d}")


def a_family_card_no(number: int = 1) -> FamilyCardNo:
    district, serial = divmod(number - 1, 9999)
    return FamilyCardNo(f"3174{district % 99 + 1:02d}010110{serial + 1:04d}")


def an_identity(number: int = 1, **changes: Any) -> Identity:
    """A woman of 30 years in Jakarta; her NIK follows from her birth date and sex unless it is given."""
    birth_date, sex = changes.get("birth_date", date(1995, 3, 12)), changes.get("sex", Sex.FEMALE)
    stated = Identity(
        nik=a_nik(number, birth_date=birth_date, sex=sex),
        family_card_no=a_family_card_no(number),
        full_name=f"Siti Rahmawati {'I' * (number % 5)}".strip(),
        birth_date=birth_date,
        sex=sex,
        mother_name="Dewi Lestari",
        street="Jl. Melati 3",
        province_code="31",
        regency_code="3174",
        phone=f"+6281{number:09d}",
        occupation="seeker",
    )
    return replace(stated, **changes)


def an_applicant(number: int = 1, **changes: Any) -> Applicant:
    return replace(Applicant(an_applicant_id(number)), **changes)


def passed(*reasons: str) -> Check:
    return Check(Outcome.PASSED, reasons, NOON)


def checks(**reasons: tuple[str, ...]) -> Mapping[Registry, Check]:
    """All registries have answered; the lists name these reasons (``education=("student:DAPODIK",)``)."""
    return {registry: passed(*reasons.get(registry.value, ())) for registry in Registry}


def accepted_photos() -> Mapping[PhotoKind, Photo]:
    return {kind: Photo(PhotoState.ACCEPTED, None, f"photos/{kind}.jpg") for kind in PhotoKind}


def a_verified_applicant(number: int = 1, **changes: Any) -> Applicant:
    """Has done all that comes before joining a wave."""
    verified = Applicant(
        an_applicant_id(number),
        state=IdentityState.VERIFIED,
        identity=an_identity(number),
        submission=1,
        checks=checks(),
        photos=accepted_photos(),
        face=FaceMatch(FaceState.PASSED, None, 95, f"photos/{PhotoKind.SELFIE}.jpg", NOON, 1),
        declared_at=NOON,
    )
    return replace(verified, **changes)


def an_account(number: int = 1, **changes: Any) -> Account:
    opened = Account(
        id=an_applicant_id(number),
        email=f"siti{number}@contoh.example",
        language=Language.INDONESIAN,
        state=MailboxState.UNVERIFIED,
        opened_at=NOON,
        challenge=Challenge(f"challenge-{number}", NOON),
    )
    return replace(opened, **changes)


def a_wave(number: int = 1, **changes: Any) -> Wave:
    """Opens at noon, for three days; announced a day later."""
    closes_at = changes.get("closes_at", NOON + timedelta(days=3))
    times = {"opens_at": NOON, "closes_at": closes_at, "announces_at": closes_at + timedelta(days=1)}
    secret = f"secret-{number}"
    kept = {"secret": secret, "commitment": commitment_to(secret), "state": WaveState.APPROVED}
    return Wave(**{"number": WaveNumber(number), "quota": 1_000, "scheme": "2023", **times, **kept, **changes})


def a_pseudonym(of: str) -> Pseudonym:
    return Pseudonym(sha256(of.encode()).hexdigest()[:32])


def an_entry(number: int = 1, wave: int = 1, **changes: Any) -> WaveEntry:
    entry = WaveEntry(
        wave=WaveNumber(wave),
        applicant_id=an_applicant_id(number),
        pseudonym=a_pseudonym(f"{wave}/{number}"),
        family=Index(f"0.family-{number:06d}"),
        family_pseudonym=a_pseudonym(f"family/{wave}/{number}"),
        province_code="31",
        joined_at=NOON + timedelta(minutes=1),
    )
    return replace(entry, **changes)


def a_card_number(number: int = 1) -> CardNumber:
    return card_number_from(number.to_bytes(8, "big"))


def a_membership(number: int = 1, **changes: Any) -> Membership:
    """Has seen all three videos: may buy."""
    awarded_at = changes.get("awarded_at", NOON)
    recipient = Membership(
        applicant_id=an_applicant_id(number),
        wave=WaveNumber(1),
        scheme="2023",
        decree="SK-001/PRAKERJA",
        card_number=a_card_number(number),
        family=Index(f"0.family-{number:06d}"),
        awarded_at=awarded_at,
        first_purchase_by=awarded_at + timedelta(days=15),
        balance_ends_at=datetime(2026, 12, 15, 16, 59, 59, tzinfo=UTC),
        state=MembershipState.INDUCTED,
        videos_seen=INDUCTION_VIDEOS,
    )
    return replace(recipient, **changes)


def a_course(code: str = "kopi-101", **changes: Any) -> Course:
    price = Rupiah(500_000)
    course = Course(CourseCode(code), "Manajemen Warung Kopi", PLATFORM, PROVIDER, price, LearningMethod.ONLINE)
    return replace(course, **changes)


def a_schedule(code: str = "maret", course: str = "kopi-101", **changes: Any) -> Schedule:
    """Two sessions and the post-test, ten seats."""
    days = (NOON.date() + timedelta(days=1), NOON.date() + timedelta(days=8))
    return replace(Schedule(ScheduleCode(code), CourseCode(course), *days, sessions=2, seats=10), **changes)


def a_partner(code: str = PLATFORM, **changes: Any) -> Partner:
    return replace(Partner(ClientCode(code), code.title(), sign_key=f"key of {code}"), **changes)


def a_purchase(number: int = 1, **changes: Any) -> Purchase:
    """An offer of the course above, at its price, not paid yet."""
    offered = Purchase(
        id=PurchaseId(f"0.purchase-{number:06d}"),
        applicant_id=an_applicant_id(number),
        card_number=a_card_number(number),
        course_code=CourseCode("kopi-101"),
        schedule_code=ScheduleCode("maret"),
        platform=PLATFORM,
        provider=PROVIDER,
        amount=Rupiah(500_000),
        offered_at=NOON,
        sequences=(1, 2, 999),
    )
    return replace(offered, **changes)


def a_paid_purchase(number: int = 1, **changes: Any) -> Purchase:
    sale = {
        "state": PurchaseState.PAID,
        "invoice_code": InvoiceCode(f"INV-{number:06d}"),
        "invoice_url": "https://belajar.example/invoice",
        "transaction_code": f"TRX-{number:06d}",
        "redeem_code": RedeemCode(f"REDEEM{number:06d}"),
    }
    return a_purchase(number, **(sale | changes))


def a_mail_order(number: int = 1, **changes: Any) -> MailOrder:
    key = SendKey(f"identity_verified/{number}")
    return replace(MailOrder(key, Template.IDENTITY_VERIFIED, an_applicant_id(number)), **changes)
