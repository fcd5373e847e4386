"""What the bank tells unasked, brought to where the platform takes it; told again until it is taken."""

from datetime import timedelta

from chalicelib import bootstrap
from chalicelib.domain.banking import BankNotice
from chalicelib.use_cases.payouts.receive_bank_notice import receive_bank_notice
from tests.simulation.life.town import Town

_AGAIN = timedelta(minutes=10)


def bring_notices(town: Town) -> None:
    def tell(delay: timedelta, notice: BankNotice) -> None:
        if delay:
            town.after(delay, lambda: _bring(town, notice))
        else:
            _bring(town, notice)

    town.world.bank.tell = tell


def _bring(town: Town, notice: BankNotice) -> None:
    if town.ask("bank", _take_notice, notice=notice).code == "unavailable":
        town.after(_AGAIN, lambda: _bring(town, notice))


def _take_notice(notice: BankNotice) -> None:
    receive_bank_notice(
        notice,
        payouts=bootstrap.payouts(),
        seen=bootstrap.seen_notices(),
        messages=bootstrap.messages(),
        clock=bootstrap.clock(),
    )
