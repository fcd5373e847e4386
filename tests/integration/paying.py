"""Batches and payouts of the cast: each of hers is in a batch of her own, so that samples can name it."""

from dataclasses import replace
from datetime import timedelta

from chalicelib import bootstrap
from chalicelib.domain.banking import TransferAnswer, TransferOutcome
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.payout_answers import SEND_AGAIN_AFTER, after_transfer, after_word
from chalicelib.domain.payout_attempts import SURELY_UNPAID_AFTER
from chalicelib.domain.payout_batches import content_of, line_of, make_batch, message_of
from chalicelib.domain.payouts import ACCOUNT_CHANGED, Payout, hold, submit
from chalicelib.domain.time import wib_date
from tests.integration import cast
from tests.integration.cast import Person
from tests.integration.town import Town


def payout_of(person: Person) -> Payout:
    payout = bootstrap.payouts().get(PayoutId(person.payout_id))
    assert payout is not None
    return payout


def put_in_batch(town: Town, person: Person) -> None:
    """Built and filled: two people may approve it."""
    lines = [line_of(payout_of(person))]
    now = town.clock.now()
    batch = make_batch(lines, bank="bni", day=wib_date(now), number=1, by=None, now=now)
    assert batch.id == person.batch_id, batch.id
    bootstrap.batch_files().write(batch.id, content_of(lines))
    bootstrap.payout_batches().add(batch)
    town.tell("move_batches", batch_id=batch.id)


def approve(town: Town, person: Person) -> None:
    path = f"/v1/staff/payout-batches/{person.batch_id}"
    checksum = str(town.ask("GET", path, token=cast.STAFF).body["checksum"])
    for approver in (cast.FIRST_APPROVER, cast.SECOND_APPROVER):
        reply = town.ask("PUT", f"{path}/approval", {"checksum": checksum}, token=approver)
        assert reply.status == 200, reply.text
    town.tell("move_batches", batch_id=person.batch_id)


def settle(town: Town, person: Person) -> None:
    town.tell("settle_payouts", **message_of(person.batch_id, [line_of(payout_of(person))]))


def lose_sight(town: Town, person: Person) -> None:
    town.neighbours.bank.behave(lose_reply=True, next_calls=1)
    settle(town, person)


def hold_back(person: Person, town: Town) -> None:
    """By the domain alone: the samples let her go, cancel what she is owed, or send it through another bank. Her former
    one has not known of the order for eight days."""
    now = town.clock.now()
    held = replace(hold(payout_of(person), ACCOUNT_CHANGED), bank="ovo", may_be_paid=True, retry_at=now)
    since = now - SURELY_UNPAID_AFTER - timedelta(days=1)
    bootstrap.payouts().save(replace(held, not_found_since=since, not_found_at=now))


def reject(person: Person, town: Town) -> None:
    """The bank refused it, and a day later said the same."""
    payouts, now = bootstrap.payouts(), town.clock.now()
    answer = TransferAnswer(TransferOutcome.REFUSED, "4031809", "account_closed")
    sent = submit(payout_of(person), bank="bni", now=now - SEND_AGAIN_AFTER)
    rejected = after_transfer(sent, answer, now=sent.submitted_at or now)
    payouts.save(replace(after_word(rejected, answer, now=now), version=sent.version))
