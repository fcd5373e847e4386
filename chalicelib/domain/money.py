"""Rupiah: whole, never negative, never a float. What goes back is a new entry, not a minus sign."""

from chalicelib.domain.errors import InvalidInput


class Rupiah(int):
    """An amount of Indonesian rupiah (no cents: the smallest unit is one rupiah)."""

    def __new__(cls, amount: int) -> "Rupiah":
        if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
            raise InvalidInput("amount_invalid", field="amount")
        return super().__new__(cls, amount)

    def __str__(self) -> str:
        return "Rp " + f"{int(self):,}".replace(",", ".")

    def plus(self, other: int) -> "Rupiah":
        return Rupiah(int(self) + other)

    def minus(self, other: int) -> "Rupiah":
        """The rest; refuses to go below nothing."""
        return Rupiah(int(self) - other)


NOTHING = Rupiah(0)
