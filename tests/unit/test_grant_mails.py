"""What a mail about the grant says, in both languages: amount, day, and where everything is told."""

import pytest

from chalicelib.adapters.mail.writing import JinjaMailWriter
from chalicelib.domain.mail import ASKED_FOR, Language, Template

BLANKS: dict[str, str | int] = {
    "public_url": "https://prakerja.example",
    "first_purchase_by": "2026-03-17",
    "balance_ends_on": "2026-12-15",
    "grant": "Rp 3.500.000",
    "balance": "Rp 1.250.000",
    "returned": "Rp 750.000",
}
SAYS = {
    Template.FIRST_PURCHASE_SOON: ("2026-03-17", "Rp 3.500.000"),
    Template.MEMBERSHIP_REVOKED: ("2026-03-17", "Rp 750.000"),
    Template.BALANCE_ENDS_SOON: ("2026-12-15", "Rp 1.250.000"),
    Template.BALANCE_ENDED: ("2026-12-15", "Rp 750.000"),
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", SAYS)
def test_a_mail_about_the_grant_says_how_much_and_when(template: Template, language: Language) -> None:
    subject, text, html = JinjaMailWriter().write(template, language, BLANKS)
    for said in SAYS[template]:
        assert said in subject + text
    assert "https://prakerja.example/" in text
    assert subject in html
    assert template not in ASKED_FOR, "nobody sits before the screen and waits for it"


@pytest.mark.parametrize("language", Language)
def test_a_code_is_mailed_with_both_shares_where_there_are_two(language: Language) -> None:
    order: dict[str, str | int] = {"amount": 4_000_000, "code": "123456", "public_url": "https://prakerja.example"}
    _, whole, _ = JinjaMailWriter().write(Template.PURCHASE_CODE, language, order)
    shares = {"by_grant": 1_900_000, "by_buyer": 2_100_000}
    _, shared, _ = JinjaMailWriter().write(Template.PURCHASE_CODE, language, {**order, **shares})
    assert ("1900000" in whole, "1900000" in shared, "2100000" in shared) == (False, True, True)


@pytest.mark.parametrize("language", Language)
def test_an_award_that_was_told_before_balances_had_an_end_can_still_be_mailed(language: Language) -> None:
    told: dict[str, str | int] = {"wave": 7, "decree": "SK-007", "card_ending": "1234", **BLANKS}
    _, text, _ = JinjaMailWriter().write(Template.AWARDED, language, told)
    assert "2026-12-15" in text
    del told["balance_ends_on"]
    _, text, _ = JinjaMailWriter().write(Template.AWARDED, language, told)
    assert "2026-12-15" not in text
