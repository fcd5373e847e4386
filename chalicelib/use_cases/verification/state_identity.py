"""Take an identity as the applicant states it; everything else follows by itself."""

from datetime import date

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.nik import check_nik_against, parse_family_card_no, parse_nik
from chalicelib.domain.provinces import PROVINCES
from chalicelib.domain.time import wib_date
from chalicelib.domain.verification import Identity, Sex, submit_identity
from chalicelib.ports import Applicants, Clock


def state_identity(applicant_id: ApplicantId, identity: Identity, *, applicants: Applicants, clock: Clock) -> None:
    """Stored as submitted, or ``InvalidInput`` naming the field. Says the same whether or not the NIK is known."""
    _check_fields(identity, today=wib_date(clock.now()))
    applicants.save(submit_identity(applicants.get(applicant_id), identity))


def _check_fields(identity: Identity, *, today: date) -> None:
    _, facts = parse_nik(identity.nik)
    parse_family_card_no(identity.family_card_no)
    if not identity.birth_date < today:
        raise InvalidInput("birth_date_not_past", field="birth_date")
    check_nik_against(facts, birth_date=identity.birth_date, is_woman=identity.sex is Sex.FEMALE)
    if identity.province_code not in PROVINCES:
        raise InvalidInput("province_unknown", field="province_code")
    if not identity.regency_code.startswith(identity.province_code):
        raise InvalidInput("regency_not_in_province", field="regency_code")
