"""Bugs that lose or double money."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.banking import TransferAnswer, TransferOutcome
from chalicelib.domain.identifiers import PayoutId
from chalicelib.domain.ledger_chain import LedgerEntry, LedgerHead
from chalicelib.domain.payout_accounts import AccountState
from chalicelib.domain.training import PurchaseState, Review
from tests.simulation.life.bugs.planting import bug, instead, patch, without, without_conditions

if TYPE_CHECKING:
    from tests.simulation.life.town import Town

_CERTIFIED = PurchaseState.CERTIFIED
_USE_CASES = "chalicelib.use_cases.payouts"


def _answers(town: "Town", method: str, change: Any) -> None:
    """The platform understands the bank's answers otherwise."""

    def make(ask: Any) -> Any:
        return lambda order: change(ask(order))

    instead(town.world.bank, method, make)


@bug("a new reference for each try", "S5")
def new_reference_per_retry(town: "Town") -> None:
    def make(send: Any) -> Any:
        tries: dict[str, int] = {}

        def transfer(order: Any) -> Any:
            tries[order.reference] = tries.get(order.reference, 0) + 1
            number = tries[order.reference]
            return send(order if number == 1 else replace(order, reference=f"{order.reference}-{number}"))

        return transfer

    instead(town.world.bank, "transfer", make)


@bug("no answer is taken for success", "S5")
def unknown_is_settled(town: "Town") -> None:
    def change(answer: TransferAnswer) -> TransferAnswer:
        return replace(answer, outcome=TransferOutcome.SETTLED) if answer.outcome is TransferOutcome.UNKNOWN else answer

    _answers(town, "transfer", change)


@bug("a busy bank's answer is taken for success", "S5")
def busy_is_settled(town: "Town") -> None:
    def change(answer: TransferAnswer) -> TransferAnswer:
        if answer.outcome is TransferOutcome.NOT_TAKEN:
            return replace(answer, outcome=TransferOutcome.SETTLED)
        return answer

    _answers(town, "transfer", change)


@bug("payouts are saved without their condition", "S4", "S5", "L1", "L2", "S6")
def payouts_unconditional(town: "Town") -> None:
    without_conditions(town.world.payouts)


@bug("a payout's id is made anew each time that it is prepared", "S5", "S4")
def random_payout_ids(town: "Town") -> None:
    def make(id_of: Any) -> Any:
        return lambda *args: PayoutId(f"{id_of(*args)}-{town.world.chance.token()[:4]}")

    patch(town, f"{_USE_CASES}.prepare_incentive:payout_id_of", make)


@bug("two surveys that pay the same are taken for one", "L2")
def surveys_are_one(town: "Town") -> None:
    def make(id_of: Any) -> Any:
        return lambda id, purpose, period, indexer: id_of(id, purpose, min(period, 1), indexer)

    patch(town, f"{_USE_CASES}.prepare_incentive:payout_id_of", make)


@bug("a thousand rupiah too much leave", "S5")
def wrong_amount(town: "Town") -> None:
    def make(send: Any) -> Any:
        return lambda order: send(replace(order, amount=type(order.amount)(int(order.amount) + 1_000)))

    instead(town.world.bank, "transfer", make)


@bug("what is sold is not posted", "S4")
def sale_without_posting(town: "Town") -> None:
    without(town.world.purchases, LedgerEntry)


@bug("an award is not posted", "S4")
def award_without_posting(town: "Town") -> None:
    without(town.world.memberships, LedgerEntry)


@bug("what is settled is not posted", "S4")
def payout_without_posting(town: "Town") -> None:
    without(town.world.payouts, LedgerEntry)


@bug("the balance is not moved with its posting", "S4")
def balance_not_moved(town: "Town") -> None:
    without(town.world.purchases, LedgerHead)


@bug("what is given back is taken instead", "S4")
def void_takes(town: "Town") -> None:
    def make(posting: Any) -> Any:
        return lambda *args, **more: replace(posting(*args, **more), adds=False)

    patch(town, "chalicelib.domain.ledger:purchase_voided", make)


@bug("a sale takes no seat", "S4")
def sale_without_seat(town: "Town") -> None:
    from chalicelib.domain.training import Schedule

    without(town.world.purchases, Schedule)


@bug("an account is taken for verified unasked", "S6", "S2")
def account_unasked(town: "Town") -> None:
    def make(save: Any) -> Any:
        return lambda account: save(replace(account, state=AccountState.VERIFIED))

    instead(town.world.payout_accounts, "save", make)


@bug("whatever name the bank has for an account will do", "S6")
def any_holder(town: "Town") -> None:
    patch(town, "chalicelib.domain.payout_accounts:_letters", lambda _letters: lambda _name: "SAME")


@bug("one approver is enough", "S6", "L1", "L2")
def one_approver(town: "Town") -> None:
    def make(approve: Any) -> Any:
        def alone(batch: Any, checksum: str, staff: Any) -> Any:
            moved = approve(replace(batch, first_approver=None), checksum, staff)
            return replace(moved, first_approver=batch.first_approver or staff)

        return alone

    patch(town, f"{_USE_CASES}.approve_batch:approve", make)


@bug("a batch's list is not compared with its checksum", "S5", "S6", "S4", "L1", "L2")
def list_not_compared(town: "Town") -> None:
    def make(lines_of: Any) -> Any:
        from chalicelib.domain.payout_batches import checksum_of

        return lambda content, batch: lines_of(content, replace(batch, checksum=checksum_of(content)))

    patch(town, f"{_USE_CASES}.move_batch:lines_of", make)


@bug("what a bank's notice says is believed whatever came before it", "S4", "S5", "L1")
def notices_out_of_order(town: "Town") -> None:
    def make(after_word: Any) -> Any:
        from chalicelib.domain.payouts import PayoutState

        def believe(payout: Any, answer: Any, **more: Any) -> Any:
            if payout.state is PayoutState.REVERSED and answer.outcome is TransferOutcome.SETTLED:
                return replace(payout, state=PayoutState.SETTLED)
            return after_word(payout, answer, **more)

        return believe

    patch(town, f"{_USE_CASES}.receive_bank_notice:after_word", make)


def _as_if_reviewed(purchase: Any, now: Any) -> Any:
    is_certified = purchase.state is _CERTIFIED
    return replace(purchase, state=PurchaseState.REVIEWED, review=Review(5, "Baik.", now)) if is_certified else purchase


@bug("a certificate is taken for a review", "S6")
def review_not_needed(town: "Town") -> None:
    def make(of_each: Any) -> Any:
        def reviewed(ids: Any) -> Any:
            return {id: [_as_if_reviewed(each, town.clock.at) for each in mine] for id, mine in of_each(ids).items()}

        return reviewed

    def at_once(follow: Any) -> Any:
        def followed(change: Any, *, messages: Any) -> None:
            follow(change, messages=messages)
            if change.is_move and change.after == _CERTIFIED:
                follow(replace(change, after=PurchaseState.REVIEWED), messages=messages)

        return followed

    instead(town.world.purchases, "of_each", make)
    patch(town, "chalicelib.handlers.training:follow_purchase", at_once)


@bug("one session is taken for all", "S6")
def one_session_is_enough(town: "Town") -> None:
    def make(attend: Any) -> Any:
        def present(purchase: Any, sequence: int, *, now: Any) -> Any:
            short = attend(replace(purchase, sequences=(sequence,)), sequence, now=now)
            return replace(short, sequences=purchase.sequences)

        return present

    def believe(earns: Any) -> Any:
        return lambda purchase: earns(replace(purchase, attended=purchase.sequences))

    patch(town, "chalicelib.domain.training:attend", make)
    patch(town, "chalicelib.domain.entitlements:earns_completion", believe)


@bug("the sweep finds nobody", "L1", "L2")
def sweep_finds_nobody(town: "Town") -> None:
    def make(due: Any) -> Any:
        def empty(*args: Any, **more: Any) -> Any:
            return due(*args, **more)[:0]

        return empty

    instead(town.world.payouts, "due", make)
