"""What the launch day counted, and what the demo counts."""

from dataclasses import dataclass, field

REGISTERED, EMAIL_VERIFIED, NIK_VERIFIED, JOINED = 1_432_133, 1_063_028, 624_090, 77_834
PLACES = 164_000


@dataclass
class Counts:
    """What the last line of the demo says; ``at_21_hours`` is the launch day's own moment."""

    registered: int = 0
    email_verified: int = 0
    nik_verified: int = 0
    joined: int = 0
    places: int = 0
    awarded: int = 0
    completed: int = 0
    incentives_paid: int = 0
    paid_rupiah: int = 0
    bank_paid_rupiah: int = 0
    ledger_sum_rupiah: int = -1
    draw_verified: bool = False
    mails_sent: int = 0
    queues_left: int = -1
    dead_letters: int = -1
    joined_at_21_hours: int = 0
    not_verified: dict[str, int] = field(default_factory=dict)
    not_eligible: int = 0
