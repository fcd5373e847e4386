"""Every error the system raises on purpose; the base class decides who tries again.

    Fault
      Rejected              the caller is wrong; never retry     HTTP 4xx, queue: record and drop
        InvalidInput          a field is not what was asked for                     400
        NotSignedIn           no session, or one that has ended                     401
        NotAllowed            signed in, but this is not theirs to do               403
        NotFound              there is no such thing for this caller                404
        Conflict              the thing exists, but not in a state that allows it   409
          IllegalTransition     the life cycle has no such step
          AlreadyDone           a second one of what may exist only once
        TooManyAttempts       wait, or ask for a new one                            429
      Unavailable           the world is wrong; try again        HTTP 503, queue: put back for later
        StaleWrite            someone moved it first; re-read and try again
        StoreUnavailable      the table, queue or bucket did not answer
        RegistryUnavailable   a ministry's registry did not answer, or not in its own words
          QuotaUsedUp           not today any more
          AnswerUnreadable      it did, but of this person nothing that makes sense
        BankUnavailable       the bank could not be asked
        MailUnavailable       no provider took the mail
      Misconfigured         we are wrong, not the caller         HTTP 500, queue: put back, alarm

Anything else is a bug: HTTP 500, redeliver, dead-letter queue, alarm.

An error has a stable ``code`` (a word with underscores), which names its message in
``web/locale``, the ``field`` it is about where there is one, and ``details`` that fill the
message's blanks. Details never hold personal data: they reach logs and replies.
"""

from typing import ClassVar


class Fault(Exception):
    """The root: carries a stable code, the field it is about, and values for the message."""

    default_code: ClassVar[str] = "fault"

    def __init__(self, code: str | None = None, *, field: str | None = None, **details: object) -> None:
        self.code = code or self.default_code
        self.field = field
        self.details = details
        super().__init__(self.code if field is None else f"{self.code} ({field})")


class Rejected(Fault):
    default_code = "rejected"


class InvalidInput(Rejected):
    default_code = "invalid_input"


class NotSignedIn(Rejected):
    default_code = "not_signed_in"


class NotAllowed(Rejected):
    default_code = "not_allowed"


class NotFound(Rejected):
    default_code = "not_found"


class Conflict(Rejected):
    default_code = "conflict"


class IllegalTransition(Conflict):
    default_code = "illegal_transition"


class AlreadyDone(Conflict):
    default_code = "already_done"


class TooManyAttempts(Rejected):
    default_code = "too_many_attempts"


class Unavailable(Fault):
    default_code = "unavailable"


class StaleWrite(Unavailable):
    default_code = "stale_write"


class StoreUnavailable(Unavailable):
    default_code = "store_unavailable"


class RegistryUnavailable(Unavailable):
    default_code = "registry_unavailable"


class QuotaUsedUp(RegistryUnavailable):
    default_code = "registry_quota_used_up"


class AnswerUnreadable(RegistryUnavailable):
    default_code = "registry_answer_unreadable"


class BankUnavailable(Unavailable):
    default_code = "bank_unavailable"


class BeaconUnavailable(Unavailable):
    """The public random value has not come, or nobody tells it."""


class MailUnavailable(Unavailable):
    default_code = "mail_unavailable"


class Misconfigured(Fault):
    default_code = "misconfigured"
