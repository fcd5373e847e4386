"""How fast mail may arrive at one receiving domain.

No receiver publishes a figure. The great ones slow an unknown sender by themselves, which shows in what is delivered
late (``mail_traffic``); everybody else runs a server that a launch would drown: a company, a school, a village office.
"""

from chalicelib.domain.limits import Allowance, per_second

GREAT = frozenset(
    {
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.id", "ymail.com", "rocketmail.com", "outlook.com",
        "outlook.co.id", "hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "mail.com", "proton.me",
    }
)  # fmt: skip
_OTHERS = per_second(20, at_once=3)


def pace_of(domain: str) -> Allowance | None:
    """None for those whom only the provider's own pace holds."""
    return None if domain in GREAT else _OTHERS
