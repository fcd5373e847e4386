"""A partner tries itself out: what it sells in the sandbox is redeemed, reset, and redeemed again."""

from tests.integration import cast
from tests.integration.cast import CAST, PRICE, PROVIDER
from tests.integration.partner_client import PartnerClient
from tests.integration.test_partner_api import mailed_code
from tests.integration.town import Town
from tests.integration.upbringing import partner

JULI, TRYING = CAST["juli"], "coba-coba"
RUN = {"course_code": "coba-1", "schedule_code": "coba-1-a"}


def trying(town: Town) -> PartnerClient:
    """Enrolled for the sandbox, with a course on the list."""
    told = town.ask(
        "POST", "/v1/staff/partners", {"client_code": TRYING, "name": "Coba", "sandbox": True}, token=cast.STAFF
    )
    assert told.status == 201, told.text
    course = {"title": "Coba", "platform": TRYING, "provider": PROVIDER, "price_rupiah": PRICE, "method": "online"}
    schedule = {"starts_on": "2026-03-03", "ends_on": "2026-03-30", "sessions": 1, "seats": 5}
    assert town.ask("PUT", "/v1/staff/courses/coba-1", course, token=cast.STAFF).status == 204
    assert town.ask("PUT", "/v1/staff/courses/coba-1/schedules/coba-1-a", schedule, token=cast.STAFF).status == 204
    return PartnerClient(town, TRYING, told.body["sign_key"])


def sold(town: Town, platform: PartnerClient) -> str:
    """The redeem code."""
    card = town.ask("GET", "/v1/me", token=JULI.token).body["card"]["number"]
    offer = {**RUN, "user_platform_id": "coba", "prakerja_id": card, "amount": PRICE}
    token = str(platform.got("payment/send-otp", offer)["payment_token"])
    town.settle()
    paid = {"otp": mailed_code(town, JULI), "invoice_code": "COBA-1", "invoice_url": "https://coba.example/i"}
    first, again = (platform.got("payment/authorize", paid, payment_token=token) for _ in range(2))
    assert first == again
    return str(first["redeem_code"])


def test_what_a_partner_of_the_sandbox_sells_can_be_reset(town: Town) -> None:
    platform, provider = trying(town), partner(town, PROVIDER)
    asked = {"redeem_code": sold(town, platform)}
    assert asked["redeem_code"].startswith("PRAT-")
    assert provider.got("payment/redeem-code/commit", asked)["status"] == "REDEEMED"
    assert provider.got("payment/redeem-code/reset", asked) == {}
    assert provider.got("payment/redeem-code/status", asked)["status"] == "UNREDEEMED"
    assert provider.got("payment/redeem-code/commit", asked)["status"] == "REDEEMED"
