"""Codes and links are filled in at the last moment, so that no queue carries them."""

from chalicelib.domain.mail import Template
from chalicelib.use_cases.mail.blanks import blanks_for
from chalicelib.use_cases.registration.proofs import code_of, email_code_of, link_token_of
from tests.builders import a_mail_order, an_account
from tests.fakes import FakeIndexer

INDEXER, URL = FakeIndexer(), "https://prakerja.example"


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


def test_other_mails_hold_no_code() -> None:
    for template in set(Template) - {Template.VERIFY_EMAIL, Template.PURCHASE_CODE}:
        order = a_mail_order(template=template, blanks={"wave": 7})
        assert blanks_for(order, an_account(), indexer=INDEXER, public_url=URL) == {"wave": 7, "public_url": URL}
