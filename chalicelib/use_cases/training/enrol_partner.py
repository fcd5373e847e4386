"""Let a platform or provider in: it gets the key with which it signs."""

from chalicelib.domain.errors import AlreadyDone, InvalidInput, StaleWrite
from chalicelib.domain.identifiers import ClientCode
from chalicelib.domain.training import Partner
from chalicelib.ports import Chance, Courses


def enrol_partner(
    client_code: ClientCode,
    name: str,
    *,
    is_sandbox: bool = False,
    is_production: bool = True,
    courses: Courses,
    chance: Chance,
) -> Partner:
    """With its sign key, told once. A sandbox takes redemptions back, so that there is none where codes are money."""
    if is_sandbox and is_production:
        raise InvalidInput("sandbox_not_in_production", field="sandbox")
    partner = Partner(client_code, name, sign_key=chance.token(), is_sandbox=is_sandbox)
    try:
        courses.put_partner(partner)
    except StaleWrite:
        raise AlreadyDone("partner_already_enrolled", field="client_code") from None
    return partner
