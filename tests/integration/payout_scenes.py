"""What befalls payouts and batches, for the comparison of each function's rights with what it does."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from chalicelib import bootstrap
from chalicelib.domain.identifiers import BatchId, ListName
from chalicelib.domain.list_entries import ListEntry
from chalicelib.domain.payout_answers import SEND_AGAIN_AFTER
from chalicelib.domain.payout_batches import line_of, message_of
from chalicelib.domain.payouts import MESSAGE_LIVES
from tests.integration import cast
from tests.integration.cast import CAST
from tests.integration.paying import approve, payout_of, settle
from tests.integration.samples import sample
from tests.integration.town import NOTHING_FAILED, Town


def _followed(town: Town, kind: str, state: str, **new: str) -> None:
    event = sample("streams", "follow_payouts", "good")
    change = event["Records"][0]["dynamodb"]
    change["NewImage"] |= {"kind": {"S": kind}, "state": {"S": state}, **{name: {"S": to} for name, to in new.items()}}
    assert town.call("follow_payouts", event) == NOTHING_FAILED


def _news_of_payouts_and_batches(town: Town) -> None:
    _followed(town, "payout", "unknown")
    _followed(town, "payout", "rejected", confirmed_at="2026-03-03T05:00:00+00:00")
    _followed(town, "payout_batch", "filling")
    _followed(town, "former_attempt", "paid")


def _a_batch_is_approved(town: Town) -> None:
    approve(town, CAST["wulan"])


def _a_batch_is_refused(town: Town) -> None:
    town.invoke(sample("api", "refuse_payout_batch", "good"))
    town.tell("move_batches", batch_id=CAST["wulan"].batch_id)


def _the_bank_has_no_money(town: Town) -> None:
    town.neighbours.bank.behave(funds_rupiah=0)
    settle(town, CAST["tuti"])
    town.neighbours.bank.behave()


def _the_bank_has_no_news(town: Town) -> None:
    town.neighbours.bank.behave(outage=True)
    town.call("inquire_payouts", sample("queues", "inquire_payouts", "good"))
    town.neighbours.bank.behave()


def _a_channel_is_opened_again(town: Town) -> None:
    """One of hers waits for it."""
    channels = "/v1/staff/payout-channels/bni"
    assert town.ask("PUT", channels, {"state": "paused"}, token=cast.FIRST_APPROVER).status == 200
    settle(town, CAST["tuti"])
    assert town.ask("PUT", channels, {"state": "open"}, token=cast.FIRST_APPROVER).status == 200
    _followed(town, "payout_channel", "open")
    town.tell("resume_payouts", bank="bni")


def _a_group_of_two_is_sent(town: Town) -> None:
    """Two people's ledgers are read together."""
    tuti = payout_of(CAST["tuti"])
    yulia = payout_of(CAST["yulia"])
    bootstrap.payouts().save(replace(yulia, state=tuti.state, batch=tuti.batch, bank=None, attempt=2))
    town.tell("settle_payouts", **message_of(CAST["tuti"].batch_id, [line_of(tuti), line_of(yulia)]))


def _messages_were_lost(town: Town) -> None:
    town.invoke(sample("api", "refuse_payout_batch", "good"))
    with town.clock.later(seconds=(MESSAGE_LIVES + SEND_AGAIN_AFTER).total_seconds()):
        town.call("sweep_standing_payouts", sample("schedules", "sweep_standing_payouts", "good"))


def _a_list_was_altered(town: Town) -> None:
    files, id = bootstrap.batch_files(), BatchId(CAST["tuti"].batch_id)
    approved = files.read(id)
    files.write(id, b"altered")
    with town.clock.later(seconds=MESSAGE_LIVES.total_seconds()):
        town.call("sweep_standing_payouts", sample("schedules", "sweep_standing_payouts", "good"))
    files.write(id, approved)


def _somebody_was_ever_listed(town: Town) -> None:
    nik = cast.INDEXER.index("nik", CAST["tuti"].nik)
    bootstrap.list_entries().add_each([ListEntry(nik, ListName("BLOCKLIST"), 1, "blocklist")])
    settle(town, CAST["tuti"])


PAYOUT_SCENES: Sequence[Callable[[Town], None]] = (
    _news_of_payouts_and_batches,
    _a_batch_is_approved,
    _a_batch_is_refused,
    _the_bank_has_no_money,
    _the_bank_has_no_news,
    _a_channel_is_opened_again,
    _a_group_of_two_is_sent,
    _messages_were_lost,
    _a_list_was_altered,
    _somebody_was_ever_listed,
)
