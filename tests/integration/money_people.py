"""Three of the cast on their way to money: widya may fill her first survey, winda has asked for another account and not
typed the code, wening's change is confirmed and cools off."""

from dataclasses import replace
from datetime import timedelta

from chalicelib import bootstrap
from chalicelib.domain.account_changes import ask_change, confirm_change
from chalicelib.domain.banking import BankAccount
from chalicelib.domain.payout_accounts import PayoutAccount, masked_number
from tests.integration.cast import CAST, Person
from tests.integration.town import Town


def bring_to_money(town: Town) -> None:
    _certify_earlier(town, CAST["widya"])
    bootstrap.payout_accounts().save(_asked(town, CAST["winda"]))
    asked = _asked(town, CAST["wening"])
    bootstrap.payout_accounts().save(asked)
    confirmed = confirm_change(replace(asked, version=asked.version + 1), matches=True, now=town.clock.now())
    assert confirmed.change
    long_ago = replace(confirmed.change, confirmed_at=town.clock.now() - timedelta(hours=48))
    bootstrap.payout_accounts().save(replace(confirmed, change=long_ago))


def _certify_earlier(town: Town, person: Person) -> None:
    """Three days and more: through the store, because nobody waits that long in these tests."""
    purchase = bootstrap.purchases().get(person.purchase_id)
    assert purchase is not None
    earlier = town.clock.now() - timedelta(days=4)
    bootstrap.purchases().save(replace(purchase, completed_at=earlier, certified_at=earlier))


def _asked(town: Town, person: Person) -> PayoutAccount:
    account = bootstrap.payout_accounts().get(person.id)
    assert account is not None
    other = BankAccount("bni", person.other_account_no)
    return ask_change(account, other, consent=masked_number(account.account), now=town.clock.now())
