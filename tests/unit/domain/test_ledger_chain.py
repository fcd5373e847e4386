"""Whatever is done to one posting of a chain is found, and named."""

from dataclasses import replace

import pytest

from chalicelib.domain import ledger
from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import ApplicantId, PurchaseId
from chalicelib.domain.ledger import OwnedAccount, Posting
from chalicelib.domain.ledger_chain import Flaw, LedgerEntry, LedgerHead, digest_of, entries_after, flaws_of
from chalicelib.domain.money import Rupiah
from tests.fakes import NOON

SITI = ApplicantId("siti")


def sale(number: int, amount: int = 100) -> Posting:
    return ledger.purchase(SITI, PurchaseId(f"p{number}"), partner="belajar", amount=Rupiah(amount), now=NOON)


POSTINGS = [ledger.grant(SITI, wave=7, amount=Rupiah(1_000), now=NOON), *(sale(number) for number in (2, 3, 4, 5))]
CHAIN, HEAD = entries_after(LedgerHead(SITI), POSTINGS)


def flaws(*entries: LedgerEntry, head: LedgerHead = HEAD) -> set[tuple[int, Flaw]]:
    return {(finding.number, finding.flaw) for finding in flaws_of(head, entries)}


def flipped(entry: LedgerEntry, amount: int = 99) -> LedgerEntry:
    return replace(entry, posting=replace(entry.posting, amount=Rupiah(amount)))


def redigested(entry: LedgerEntry) -> LedgerEntry:
    return replace(entry, digest=digest_of(entry))


def test_a_chain_that_nobody_touched_is_whole() -> None:
    assert not flaws(*CHAIN)
    assert [entry.number for entry in CHAIN] == [1, 2, 3, 4, 5]
    assert HEAD.balances == {OwnedAccount.TRAINING_BALANCE: 600}


def test_one_by_one_or_together_it_is_the_same_chain() -> None:
    head = LedgerHead(SITI)
    made: list[LedgerEntry] = []
    for posting in POSTINGS:
        entries, head = entries_after(head, [posting])
        made += entries
    assert (made, head) == (CHAIN, HEAD)


@pytest.mark.parametrize("place", range(5))
def test_an_altered_posting_is_found(place: int) -> None:
    entries = list(CHAIN)
    entries[place] = flipped(entries[place])
    assert flaws(*entries) >= {(place + 1, Flaw.ALTERED), (5, Flaw.BALANCE_DIFFERS)}


@pytest.mark.parametrize("place", range(5))
def test_an_altered_posting_with_a_digest_of_its_own_is_found_by_its_neighbour(place: int) -> None:
    entries = list(CHAIN)
    entries[place] = redigested(flipped(entries[place]))
    assert (place + 1, Flaw.NOT_VOUCHED_FOR) in flaws(*entries)


@pytest.mark.parametrize("place", range(5))
def test_a_deleted_posting_is_found(place: int) -> None:
    assert (place + 1, Flaw.MISSING) in flaws(*CHAIN[:place], *CHAIN[place + 1 :])


def test_a_chain_cut_off_is_found() -> None:
    assert flaws(*CHAIN[:3]) >= {(4, Flaw.MISSING), (5, Flaw.MISSING)}
    assert flaws(head=HEAD) >= {(number, Flaw.MISSING) for number in range(1, 6)}


def test_a_posting_in_anothers_place_is_found() -> None:
    first, second, third, *others = CHAIN
    swapped = [first, replace(third, number=2), replace(second, number=3), *others]
    assert flaws(*swapped) >= {(2, Flaw.ALTERED), (3, Flaw.ALTERED)}
    swapped[1:3] = map(redigested, swapped[1:3])
    assert (1, Flaw.NOT_VOUCHED_FOR) in flaws(*swapped)
    assert flaws(first, third, second, *others) >= {(2, Flaw.OUT_OF_PLACE)}


def test_an_inserted_posting_is_found() -> None:
    forged = LedgerEntry(sale(9), 3, CHAIN[1].digest)
    forged = redigested(forged)
    assert (3, Flaw.OUT_OF_PLACE) in flaws(*CHAIN[:3], forged, *CHAIN[3:])
    (beyond,), _ = entries_after(HEAD, [sale(9)])
    assert flaws(*CHAIN, beyond) == {(6, Flaw.BEYOND_HEAD), (5, Flaw.BALANCE_DIFFERS)}


def test_anothers_posting_is_out_of_place() -> None:
    theirs = replace(CHAIN[1], posting=replace(CHAIN[1].posting, owner="budi"))
    assert flaws(CHAIN[0], theirs, *CHAIN[2:]) >= {(2, Flaw.OUT_OF_PLACE), (2, Flaw.MISSING)}


def test_a_head_with_another_balance_is_found() -> None:
    richer = replace(HEAD, balances={OwnedAccount.TRAINING_BALANCE: 601})
    assert flaws(*CHAIN, head=richer) == {(5, Flaw.BALANCE_DIFFERS)}


def test_whoever_writes_a_chain_anew_may_still_not_spend_what_is_not_there() -> None:
    poor = [LedgerEntry(sale(1), 1, "")]
    head = LedgerHead(SITI, 1, poor[0].digest, {OwnedAccount.TRAINING_BALANCE: -100})
    assert (1, Flaw.FORBIDDEN_BALANCE) in flaws(*poor, head=head)


def test_a_balance_never_falls_below_nothing() -> None:
    with pytest.raises(Conflict, match="balance_too_small"):
        entries_after(HEAD, [sale(6, 601)])


def test_nobody_repays_more_than_was_demanded() -> None:
    demanded = ledger.repayment_demanded(SITI, "d", amount=Rupiah(500), now=NOON)
    _, head = entries_after(HEAD, [demanded])
    assert head.balances[OwnedAccount.REPAYMENT] == -500
    with pytest.raises(Conflict, match="repaid_too_much"):
        entries_after(head, [ledger.repaid(SITI, "d", number=1, amount=Rupiah(501), now=NOON)])
