"""Send a group of approved payouts to the bank. The one place where money leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.banking import TransferAnswer, TransferOutcome
from chalicelib.domain.errors import Conflict, NotFound, Unavailable
from chalicelib.domain.identifiers import ApplicantId, BatchId, PayoutId
from chalicelib.domain.ledger_dues import Owed
from chalicelib.domain.membership import Membership
from chalicelib.domain.payout_answers import PAUSES, after_transfer, postings_of
from chalicelib.domain.payout_batches import Line, is_as_stated
from chalicelib.domain.payout_channels import Channel, ChannelState, pause
from chalicelib.domain.payout_checks import Evidence, judge, promised_beside
from chalicelib.domain.payout_turns import is_its_turn
from chalicelib.domain.payouts import Payout, PayoutState, hold, order_of
from chalicelib.use_cases.payouts.note_word import note_word
from chalicelib.use_cases.payouts.payouts_under_way import payout_ids_of
from chalicelib.use_cases.payouts.till import Till

DIFFERS = "differs_from_approved"


def settle_group(id: BatchId, lines: Sequence[Line], *, till: Till) -> None:
    """READY is noted as SUBMITTING before the bank hears of it, so that whoever comes after a crash knows that money
    may have moved, and inquires instead of sending. What is not READY is in other hands, or done."""
    batch = till.batches.get(id)
    if batch is None or not batch.is_approved:
        raise NotFound("batch_not_approved")
    stated = {line.payout_id: line for line in lines}
    memberships = till.memberships.get_each(sorted({line.applicant_id for line in lines}))
    found = till.payouts.get_each(_with_others(stated, memberships, till))
    ready = [each for each in found.values() if each.id in stated and _is_to_go(each, id, till)]
    if not ready:
        return
    judged = _judged(ready, found, stated, memberships, till)
    till.payouts.save_each([(each, ()) for each, _ in judged])
    going = [(each, account) for each, account in judged if each.state is PayoutState.SUBMITTING]
    if not going:
        return
    sent = [replace(each, version=each.version + 1) for each, _ in going]
    orders = [order_of(each, seen.account) for each, seen in going if seen.account]
    answers = till.bank.transfer_each(orders)
    _pause_channels(sent, answers, till)
    _note(list(zip(sent, answers, strict=True)), till)


def _is_to_go(payout: Payout, id: BatchId, till: Till) -> bool:
    is_mine = payout.state is PayoutState.READY and payout.batch == id
    return is_mine and is_its_turn(payout, now=till.clock.now())


def _with_others(
    stated: Mapping[PayoutId, Line], memberships: Mapping[ApplicantId, Membership], till: Till
) -> list[PayoutId]:
    """And all else of the same people: what they are owed is one balance."""
    others = (id for each in memberships.values() for id in payout_ids_of(each, till.indexer))
    return list(dict.fromkeys((*stated, *others)))


def _judged(
    ready: Sequence[Payout],
    found: Mapping[PayoutId, Payout],
    stated: Mapping[PayoutId, Line],
    memberships: Mapping[ApplicantId, Membership],
    till: Till,
) -> list[tuple[Payout, Evidence]]:
    """One after the other: of several payouts that are not covered together, each one held helps the next."""
    owed = till.ledger.owed_each([(each.applicant_id, each.id) for each in found.values() if each.is_to_leave])
    evidence = _evidence_of(ready, memberships, owed, till)
    channels: dict[str, Channel] = {}
    judged: list[tuple[Payout, Evidence]] = []
    latest = dict(found)
    for payout in ready:
        promised = promised_beside(payout, latest.values(), owed)
        seen = replace(evidence[payout.id], promised=promised)
        bank = seen.account.account.bank if seen.account else None
        if bank and bank not in channels:
            channels[bank] = till.channels.get(bank)
        as_stated = is_as_stated(payout, stated[payout.id])
        channel = channels.get(bank or "")
        after = judge(payout, seen, channel, now=till.clock.now()) if as_stated else hold(payout, DIFFERS)
        latest[payout.id] = after
        judged.append((after, seen))
    return judged


def _evidence_of(
    ready: Sequence[Payout],
    memberships: Mapping[ApplicantId, Membership],
    owed: Mapping[PayoutId, Owed],
    till: Till,
) -> dict[PayoutId, Evidence]:
    people = sorted({each.applicant_id for each in ready})
    accounts = till.payout_accounts.get_each(people)
    trainings = till.purchases.get_each(sorted({each.evidence for each in ready if each.evidence}))
    applicants = till.applicants.get_each(people)
    matches = {}
    for person in people:
        identity = applicants[person].identity if person in applicants else None
        matches[person] = till.lists.look_up(identity.nik, identity.birth_date) if identity else None
    return {
        each.id: Evidence(
            memberships.get(each.applicant_id),
            trainings.get(each.evidence) if each.evidence else None,
            matches[each.applicant_id],
            accounts.get(each.applicant_id),
            owed.get(each.id, Owed()),
        )
        for each in ready
    }


def _note(answered: Sequence[tuple[Payout, TransferAnswer]], till: Till) -> None:
    """All answers at once; where somebody (a notice of the bank's) was faster with one, or the store did not take them,
    each on its own. What cannot be noted stays SUBMITTING, and the bank is asked about it."""
    now = till.clock.now()
    moved = [(payout, after_transfer(payout, answer, now=now)) for payout, answer in answered]
    try:
        till.payouts.save_each([(after, postings_of(before, after, now=now)) for before, after in moved])
    except (Unavailable, Conflict):
        for before, after in moved:
            _note_alone(before, after, till)


def _note_alone(before: Payout, after: Payout, till: Till) -> None:
    try:
        note_word(before, after, payouts=till.payouts, now=till.clock.now())
    except Unavailable:
        return


def _pause_channels(sent: Sequence[Payout], answers: Sequence[TransferAnswer], till: Till) -> None:
    heard = {str(payout.bank): answer.reason for payout, answer in zip(sent, answers, strict=True) if _pauses(answer)}
    for bank, reason in heard.items():
        _pause_channel(bank, str(reason), till)


def _pause_channel(bank: str, reason: str, till: Till) -> None:
    """Should it fail, the answers are noted all the same: the next group is told the same by the bank."""
    try:
        channel = till.channels.get(bank)
        if channel.state is ChannelState.OPEN:
            till.channels.save(pause(channel, reason, now=till.clock.now()))
    except Unavailable:
        return


def _pauses(answer: TransferAnswer) -> bool:
    return answer.outcome is TransferOutcome.NOT_TAKEN and answer.reason in PAUSES
