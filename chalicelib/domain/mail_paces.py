"""How fast mail may arrive at one receiving domain.

No receiver publishes a figure. The great ones slow an unknown sender by themselves, which shows in what is delivered
late (``mail_traffic``); everybody else runs a server that a launch would drown: a company, a school, a village office.
"""

from chalicelib.domain.limits import Allowance, per_second

GREAT = frozenset({"gmail", "googlemail", "yahoo", "ymail", "rocketmail", "outlook", "hotmail", "icloud"})
"""Under whatever ending: yahoo.com and yahoo.co.id are one. Who calls a server of their own so drowns it themselves."""
_OTHERS = per_second(20, at_once=3)


def pace_of(domain: str) -> Allowance | None:
    """None for those whom only the provider's own pace holds."""
    return None if domain.partition(".")[0] in GREAT else _OTHERS
