"""Codes and links are filled in at the last moment, so that no queue carries them."""

from chalicelib.domain.mail import Template
from chalicelib.use_cases.mail.blanks import blanks_for
from chalicelib.use_cases.registration.proofs import code_of, email_code_of, link_token_of
from tests.builders import a_mail_order, an_account
from tests.fakes import FakeIndexer

INDEXER, URL = FakeIndexer(), "https://prakerja.example"
HOLDING = {
    Template.VERIFY_EMAIL,
    Template.PURCHASE_CODE,
    Template.PAYOUT_ACCOUNT_CODE,
    Template.PAYOUT_ACCOUNT_CHANGING,
}


def test_a_verification_mail_holds_link_and_code_of_the_challenge() -> None:
    account, order = an_account(), a_mail_order(template=Template.VERIFY_EMAIL)
    token = link_token_of(account.id, account.challenge.id, INDEXER)
    assert blanks_for(order, account, indexer=INDEXER, public_url=URL) == {
        "public_url": URL,
        "link": f"{URL}/verify#{token}",
        "code": email_code_of(account.id, account.challenge.id, INDEXER),
    }


def test_a_token_stands_where_browsers_do_not_send_it() -> None:
    blanks = blanks_for(a_mail_order(template=Template.VERIFY_EMAIL), an_account(), indexer=INDEXER, public_url=URL)
    assert "~" not in str(blanks["link"]).partition("#")[0]


def test_a_purchase_mail_holds_the_code_of_its_purchase() -> None:
    order = a_mail_order(template=Template.PURCHASE_CODE, blanks={"purchase_id": "0.p", "amount": 500_000})
    blanks = blanks_for(order, an_account(), indexer=INDEXER, public_url=URL)
    assert blanks["code"] == code_of("purchase", "0.p", INDEXER)
    assert blanks["amount"] == 500_000


def test_a_change_of_account_is_confirmed_by_a_code_and_stopped_by_a_link_of_its_own() -> None:
    codes, links = set(), set()
    for number in (1, 2):
        blanks = {"change": number, "reason": ""}
        for template in (Template.PAYOUT_ACCOUNT_CODE, Template.PAYOUT_ACCOUNT_CHANGING):
            order = a_mail_order(template=template, blanks=blanks)
            told = blanks_for(order, an_account(), indexer=INDEXER, public_url=URL)
            codes |= {told["code"]} if "code" in told else set()
            links |= {told["link"]} if "link" in told else set()
    assert len(codes) == len(links) == 2
    assert all(str(link).startswith(f"{URL}/stop-change#") for link in links)


def test_other_mails_hold_no_code() -> None:
    for template in set(Template) - HOLDING:
        order = a_mail_order(template=template, blanks={"wave": 7})
        assert blanks_for(order, an_account(), indexer=INDEXER, public_url=URL) == {"wave": 7, "public_url": URL}
