"""Table ``payouts``: by whom each account was named."""

from collections.abc import Sequence

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import Write, found
from chalicelib.adapters.storage.payouts_item import PayoutsItem, PayoutsMeta
from chalicelib.domain.account_namings import AccountNaming
from chalicelib.domain.errors import InvalidInput, StoreUnavailable

_SUSPICIOUS = "account_suspicious"


class NamingItem(PayoutsItem):
    """pk = ``naming#`` and the account's index, sk = ``-``; people by applicant id."""

    class Meta(PayoutsMeta):
        pass

    bank = UnicodeAttribute()
    people = JSONAttribute()
    suspicious_at = UnicodeAttribute(null=True)


def naming_item(index: str) -> NamingItem | None:
    return found(NamingItem, f"naming#{index}")


def read_naming(item: NamingItem | None) -> AccountNaming | None:
    return from_fields(AccountNaming, item) if item else None


def naming_write(index: str, naming: AccountNaming) -> Write:
    written = to_fields(naming)
    state = "suspicious" if naming.suspicious_at else "plain"
    if naming.suspicious_at:
        written |= {"watch": _SUSPICIOUS, "watched_at": f"{naming.suspicious_at.isoformat()}#{index}"}
    return Write(
        NamingItem(f"naming#{index}", "-", kind="account_naming", id=index, state=state, **written), naming.version
    )


def suspicious_page(*, after: str | None, limit: int) -> tuple[Sequence[AccountNaming], str | None]:
    """``after`` is the place in the index of the last one seen, which names its item as well."""
    start = _row_at(after) if after else None
    try:
        rows = PayoutsItem.by_watch.query(_SUSPICIOUS, scan_index_forward=False, limit=limit, last_evaluated_key=start)
        namings = [read_naming(naming_item(item.pk.removeprefix("naming#"))) for item in rows]
    except PynamoDBException as error:
        raise StoreUnavailable from error
    last = rows.last_evaluated_key
    return [naming for naming in namings if naming], last["watched_at"]["S"] if last else None


def _row_at(place: str) -> dict[str, dict[str, str]]:
    moment, separator, index = place.partition("#")
    if not (moment and separator and index):
        raise InvalidInput("cursor_invalid", field="after")
    key = {"pk": f"naming#{index}", "sk": "-", "watch": _SUSPICIOUS, "watched_at": place}
    return {name: {"S": value} for name, value in key.items()}
