"""Table ``accounts``: accounts by e-mail index, sessions by token index."""

from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import MOST_AT_ONCE, TIME_OUTS, Item, add, add_each, found, save
from chalicelib.domain.identifiers import ApplicantId, Index
from chalicelib.domain.registration import FAILURES_COUNT_FOR, Account, Failures, Session
from chalicelib.settings import region, resource_name


class _Meta:
    table_name = resource_name("accounts")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class AccountItem(Item):
    """pk = applicant id, sk = ``-``."""

    class Meta(_Meta):
        pass

    email = BinaryAttribute(legacy_encoding=False)
    language = UnicodeAttribute()
    opened_at = UnicodeAttribute()
    challenge = JSONAttribute()
    password_hash = UnicodeAttribute(null=True)
    has_disposable_email = BooleanAttribute(null=True)
    addressed_at = UnicodeAttribute(null=True)


class SessionItem(Item):
    """pk = ``session#`` and the token's index, sk = ``-``. ``expires`` (epoch seconds) lets DynamoDB tidy up; whether a
    session is open is decided by ``expires_at``, because tidying may come two days late."""

    class Meta(_Meta):
        pass

    subject = UnicodeAttribute()
    role = UnicodeAttribute()
    expires_at = UnicodeAttribute()
    expires = NumberAttribute()
    own_account = UnicodeAttribute(null=True)


class FailuresItem(Item):
    """pk = ``failures#`` with purpose and e-mail index, sk = ``-``. ``expires`` as above."""

    class Meta(_Meta):
        pass

    key = UnicodeAttribute()
    times = NumberAttribute()
    since = UnicodeAttribute(null=True)
    expires = NumberAttribute()


class AccountTable:
    def __init__(self, sealer: KmsSealer) -> None:
        self._sealer = sealer

    def add(self, account: Account) -> None:
        add(self._item(account))

    def add_each(self, accounts: Sequence[Account]) -> frozenset[ApplicantId]:
        added: set[ApplicantId] = set()
        for start in range(0, len(accounts), MOST_AT_ONCE):
            some = accounts[start : start + MOST_AT_ONCE]
            is_new = add_each([self._item(account) for account in some])
            added |= {account.id for account, new in zip(some, is_new, strict=True) if new}
        return frozenset(added)

    def get(self, id: ApplicantId) -> Account | None:
        item = found(AccountItem, id)
        if item is None:
            return None
        email = self._sealer.open(item.email, place=_place(id)).decode()
        return from_fields(Account, item, email=email)

    def save(self, account: Account) -> None:
        save(self._item(account), read_version=account.version)

    def add_session(self, token: Index, session: Session) -> None:
        add(_session_item(token, session))

    def session(self, token: Index) -> Session | None:
        item = found(SessionItem, f"session#{token}")
        return from_fields(Session, item) if item and item.state == "open" else None

    def end_session(self, token: Index) -> None:
        item = found(SessionItem, f"session#{token}")
        if item:
            item.state = "ended"
            save(item, read_version=int(item.version))

    def failures(self, key: str) -> Failures:
        item = found(FailuresItem, f"failures#{key}")
        return from_fields(Failures, item) if item else Failures(key)

    def save_failures(self, failures: Failures) -> None:
        pk = f"failures#{failures.key}"
        since = failures.since.timestamp() if failures.since else 0
        expires = int(since + FAILURES_COUNT_FOR.total_seconds())
        written = to_fields(failures)
        item = FailuresItem(pk, "-", kind="failures", id=failures.key, state="kept", expires=expires, **written)
        save(item, read_version=failures.version)

    def _item(self, account: Account) -> AccountItem:
        sealed = self._sealer.seal(account.email.encode(), place=_place(account.id))
        return AccountItem(account.id, "-", kind="account", email=sealed, **to_fields(account, without=("email",)))


def _session_item(token: Index, session: Session) -> SessionItem:
    written: dict[str, Any] = to_fields(session)
    expires = int(session.expires_at.timestamp())
    key = f"session#{token}"
    return SessionItem(key, "-", kind="session", id=token, state="open", expires=expires, **written)


def _place(id: ApplicantId) -> str:
    return f"accounts/{id}/email"
