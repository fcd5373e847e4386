"""What the books say of one payout, before money leaves for it."""

from dataclasses import dataclass

from chalicelib.domain.identifiers import PayoutId


@dataclass(frozen=True, slots=True)
class Owed:
    """``amount`` as posted when it became due, 0 where it never did; ``is_undone`` since: corrected or cancelled;
    ``balance``: all that the person is owed."""

    amount: int = 0
    is_undone: bool = False
    balance: int = 0

    def covers(self, amount: int, *, promised: int = 0) -> bool:
        """``promised``: what is on its way to the same person besides, and not yet posted."""
        return amount == self.amount and not self.is_undone and amount + promised <= self.balance


def due_key(id: PayoutId) -> str:
    return f"incentive-due/{id}"


def undoing_keys(id: PayoutId) -> tuple[str, str]:
    return f"correction/{due_key(id)}", f"incentive-cancelled/{id}"
