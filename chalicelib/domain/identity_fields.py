"""What must hold of an identity before any registry is asked about it, whoever states it."""

from datetime import date

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.nik import check_nik_against, parse_family_card_no, parse_nik
from chalicelib.domain.provinces import PROVINCES
from chalicelib.domain.verification import Identity, Sex


def check_identity_fields(identity: Identity, *, today: date) -> None:
    """``InvalidInput`` names the field."""
    _, facts = parse_nik(identity.nik)
    parse_family_card_no(identity.family_card_no)
    if not identity.birth_date < today:
        raise InvalidInput("birth_date_not_past", field="birth_date")
    check_nik_against(facts, birth_date=identity.birth_date, is_woman=identity.sex is Sex.FEMALE)
    if identity.province_code not in PROVINCES:
        raise InvalidInput("province_unknown", field="province_code")
    if not identity.regency_code.startswith(identity.province_code):
        raise InvalidInput("regency_not_in_province", field="regency_code")
