"""The books as they stand at noon: a journal of some days ago, the closing of the day before it, and corrections asked
for."""

from datetime import date, timedelta

from chalicelib import bootstrap
from chalicelib.domain import ledger
from chalicelib.domain.ledger_corrections import correction_id
from chalicelib.domain.ledger_journal import close_day, closing_content, closing_name, folder_of, line_of
from chalicelib.domain.money import Rupiah
from tests.integration import cast
from tests.integration.cast import CAST, Person
from tests.integration.town import Town

CLOSED_DAY, FED_DAY = date(2026, 2, 26), date(2026, 2, 27)
"""The first is closed for ever; of the second there is a journal, and nothing closed."""
GRANT = f"grant/{cast.DRAWN_WAVE}"


def correction_of(person: Person) -> str:
    return correction_id(person.id, GRANT)


def keep_books(town: Town) -> None:
    closing, _ = close_day(CLOSED_DAY, [], files=0, last=None)
    bootstrap.journal().keep(closing_name(CLOSED_DAY), closing_content(closing))
    at = cast.NOON - timedelta(days=3)
    line = ledger.suspended(FED_DAY, "PRK-0", bank="bni", adds=False, amount=Rupiah(600_000), now=at)
    bootstrap.ledger().post(line)
    entry = bootstrap.ledger().entry(line.owner, line.key)
    assert entry
    bootstrap.journal().keep(f"{folder_of(FED_DAY)}1-1-1.jsonl", f"{line_of(entry)}\n".encode())
    for person in (CAST["indah"], CAST["juli"]):
        asked = {"owner": person.reference, "key": GRANT, "reason": "wrong_person"}
        assert town.ask("POST", "/v1/staff/ledger/corrections", asked, token=cast.SECOND_APPROVER).status == 201
