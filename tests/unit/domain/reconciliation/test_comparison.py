"""Bank, requests and ledger, compared movement by movement: what each says of money, and what all agree on."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.payout_references import reference_of
from chalicelib.domain.reconciliation.movements import Kind, movement
from chalicelib.domain.reconciliation.verdicts import Verdict
from tests.unit.domain.reconciliation.books import ANI, BUDI, DAY, Books, posting

ANI_PAID = movement(Kind.PAYMENT, reference_of(ANI, 1))


def verdict(books: Books, *elsewhere: str) -> tuple[str, int] | None:
    """The only difference: its verdict, and what the bank paid more than the ledger says."""
    found = books.found(*elsewhere)
    assert len(found) <= 1
    return (found[0].verdict.value, found[0].difference) if found else None


def test_what_all_three_have_alike_is_no_difference() -> None:
    books = Books().all_agree_on(ANI).all_agree_on(BUDI)
    assert verdict(books) is None
    assert (books.tally.counts[Verdict.MATCHED], books.tally.theirs, books.tally.booked) == (2, 1_200_000, 1_200_000)


CASES = {
    "the bank paid what nobody asked for": (Books().bank_pays(ANI), ("theirs_only", 600_000)),
    "it paid another amount": (
        Books().bank_pays(ANI, 660_000).we_ask(ANI).ledger_has(ANI),
        ("amount_differs", 60_000),
    ),
    "it paid less": (Books().bank_pays(ANI, 60_000).we_ask(ANI).ledger_has(ANI), ("amount_differs", -540_000)),
    "it paid another amount of which we do not know yet": (
        Books().bank_pays(ANI, 660_000).we_ask(ANI, "unknown"),
        ("amount_differs", 660_000),
    ),
    "we asked for another amount than bank and ledger have": (
        Books().bank_pays(ANI).we_ask(ANI, amount=500_000).ledger_has(ANI),
        ("amount_differs", 0),
    ),
    "it paid, and we lost sight of it": (
        Books().bank_pays(ANI).we_ask(ANI, "unknown"),
        ("ledger_missing", 600_000),
    ),
    "it paid, and had told us that it refused": (
        Books().bank_pays(ANI).we_ask(ANI, "rejected"),
        ("ledger_missing", 600_000),
    ),
    "it paid, we know, and the ledger does not": (Books().bank_pays(ANI).we_ask(ANI), ("ledger_missing", 600_000)),
    "we hold for paid what the bank does not have": (
        Books().we_ask(ANI).ledger_has(ANI),
        ("ours_only", -600_000),
    ),
    "the bank says that it failed": (
        Books().bank_fails(ANI).we_ask(ANI).ledger_has(ANI),
        ("ours_only", -600_000),
    ),
    "the ledger has what nobody asked for and nobody paid": (Books().ledger_has(ANI), ("ledger_only", -600_000)),
    "bank and ledger agree, and no request was noted": (
        Books().bank_pays(ANI).ledger_has(ANI),
        ("request_missing", 0),
    ),
    "it took back": (
        Books().all_agree_on(ANI).bank_takes_back(ANI),
        ("reversed_after_success", -600_000),
    ),
    "it took back, and the ledger has it": (
        Books().all_agree_on(ANI).bank_takes_back(ANI).ledger_has(ANI, "incentive-reversed"),
        None,
    ),
    "it took a part back": (
        Books().all_agree_on(ANI).bank_takes_back(ANI, 100_000).ledger_has(ANI, "incentive-reversed"),
        ("amount_differs", 500_000),
    ),
    "the ledger took back what the bank did not": (
        Books().all_agree_on(ANI).ledger_has(ANI, "incentive-reversed"),
        ("ledger_only", 600_000),
    ),
    "nobody knows, and the bank did not pay": (Books().we_ask(ANI, "unknown"), None),
    "it refused, and did not pay": (Books().we_ask(ANI, "rejected"), None),
    "it failed, as it said": (Books().bank_fails(ANI).we_ask(ANI, "rejected"), None),
    "the posting is another bank's": (Books().ledger_has(ANI, bank="ovo"), None),
}


@pytest.mark.parametrize(("books", "expected"), CASES.values(), ids=CASES)
def test_each_way_to_differ_has_its_name_and_its_amount(books: Books, expected: tuple[str, int] | None) -> None:
    assert verdict(replace(books)) == expected


def test_the_differences_and_the_ledger_make_up_the_statement() -> None:
    """What goes to suspense is exactly what is lacking."""
    books = Books().bank_pays("a").bank_pays("b", 50_000).we_ask("b").ledger_has("b").we_ask("c").ledger_has("c")
    found = books.bank_takes_back("d").found()
    assert books.tally.booked + sum(each.difference for each in found) == books.tally.theirs == 50_000


# --- Days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [-1, -3])
def test_a_payment_after_midnight_matches_the_request_before_it(day: int) -> None:
    books = Books().bank_pays(ANI).we_ask(ANI, day=day).ledger_has(ANI, day=day)
    assert verdict(books) is None
    assert books.tally.carried == [ANI_PAID]


def test_a_payment_of_which_the_ledger_learns_later_matches() -> None:
    books = Books().bank_pays(ANI).we_ask(ANI).ledger_has(ANI, day=1)
    assert (verdict(books), books.tally.carried) == (None, [ANI_PAID])


def test_a_request_before_midnight_is_ours_only_until_the_next_statement_has_it() -> None:
    books = Books().we_ask(ANI).ledger_has(ANI)
    assert verdict(books) == ("ours_only", -600_000)
    assert verdict(books, ANI_PAID) is None


@pytest.mark.parametrize("books", [Books().we_ask(ANI, day=-1).ledger_has(ANI), Books().ledger_has(ANI, day=1)])
def test_what_belongs_to_another_day_is_not_missed_on_this(books: Books) -> None:
    assert verdict(books) is None


# --- Said twice -------------------------------------------------------------------------------------------------------


def test_the_latest_word_on_a_request_counts_in_whatever_order_it_comes() -> None:
    books = Books().we_ask(ANI, "settled", version=5).we_ask(ANI, "unknown", version=4)
    assert verdict(books) == ("ours_only", 0)


def test_a_posting_that_was_noted_twice_counts_once() -> None:
    assert verdict(Books().all_agree_on(ANI).ledger_has(ANI)) is None


def test_a_corrected_posting_does_not_count() -> None:
    books = Books().bank_pays(ANI).we_ask(ANI).ledger_has(ANI)
    books.postings.append(posting(f"correction/incentive-paid/{ANI}/1", 600_000, DAY))
    assert verdict(books) == ("ledger_missing", 600_000)


def test_a_corrected_correction_counts_as_the_posting_does() -> None:
    books = Books().all_agree_on(ANI)
    for times, expected in ((1, ("ledger_missing", 600_000)), (2, None), (3, ("ledger_missing", 600_000))):
        books.postings.append(posting(f"{'correction/' * times}incentive-paid/{ANI}/1", 600_000, DAY))
        assert verdict(books) == expected


def test_a_request_that_was_sent_again_belongs_to_the_later_day() -> None:
    books = Books().we_ask(ANI, "ready", version=5).we_ask(ANI, day=1, version=7).ledger_has(ANI, day=1)
    assert verdict(books) is None


@pytest.mark.parametrize("second", [600_000, 1])
def test_a_line_that_stands_there_twice_refuses_the_file(second: int) -> None:
    books = Books().bank_pays(BUDI).bank_pays(ANI).bank_pays(ANI, second)
    with pytest.raises(InvalidInput) as caught:
        books.found()
    assert (caught.value.code, caught.value.details) == ("statement_line_doubled", {"line": 4, "first": 3})


# --- A statement in the place of another ------------------------------------------------------------------------------


def test_the_difference_to_the_statement_before_is_told() -> None:
    books = Books().bank_pays("same").bank_pays("changed", 1).bank_pays("gone")
    books.earlier, books.statement = books.statement, []
    books.bank_pays("same").bank_pays("changed", 2).bank_pays("new").found()
    assert {name: books.tally.counts[name] for name in ("added", "removed", "changed")} == {
        **dict.fromkeys(("added", "removed", "changed"), 1)
    }
    assert len(books.tally.changes) == 3


@pytest.mark.parametrize("event", ["incentive-paid", "incentive-reversed", "correction/correction/incentive-paid"])
def test_of_what_only_the_ledger_has_the_payout_is_known_by_its_key(event: str) -> None:
    (found,) = Books().ledger_has(ANI, event).found()
    assert (found.verdict, found.payout_id) == (Verdict.LEDGER_ONLY, ANI)
