"""Whom a priority list names and who has not registered (once 143,000 of 1.7 million did so by themselves)."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.known_lists import KnownList
from chalicelib.domain.list_rows import ListRow
from chalicelib.domain.mail import Language, Template
from chalicelib.ports import Indexer
from chalicelib.use_cases.registration.account_of import account_id_of


def invitations_of(rows: Iterable[ListRow], known: KnownList, *, indexer: Indexer) -> Iterator[dict[str, object]]:
    """Orders of mail: one per address and list for ever, by its send key. The address stays with the entry; whether it
    has an account, and whether anything arrives there, is looked at when the mail is written."""
    for row in rows:
        if known.is_priority and row.category and row.email:
            address = account_id_of(row.email, indexer)
            yield {
                "send_key": f"{Template.INVITATION}/{known.name}/{address}",
                "template": Template.INVITATION.value,
                "applicant_id": address,
                "blanks": {
                    "list": known.name,
                    "listed": row.nik,
                    "title": known.titles[Language.INDONESIAN],
                    "body": known.body,
                },
            }
