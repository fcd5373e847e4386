"""Let a platform or provider in: it gets the key with which it signs."""

from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.identifiers import ClientCode
from chalicelib.domain.training import Partner
from chalicelib.ports import Chance, Courses


def enrol_partner(client_code: ClientCode, name: str, *, courses: Courses, chance: Chance) -> Partner:
    """With its sign key, told once."""
    partner = Partner(client_code, name, sign_key=chance.token())
    try:
        courses.put_partner(partner)
    except StaleWrite:
        raise AlreadyDone("partner_already_enrolled", field="client_code") from None
    return partner
