"""The bank's first of March, for the samples: two payments that nobody asked for, of one of which somebody has said
whose money it is; and a second statement, which waits in the bucket."""

from collections.abc import Sequence
from datetime import date

import boto3

from chalicelib import bootstrap
from chalicelib.domain.reconciliation.days import Phase
from chalicelib.domain.statement_lines import COLUMNS
from chalicelib.domain.statements import object_key_of
from tests.integration.cast import SECOND_APPROVER
from tests.integration.town import STAGE, Town

BANK, DAY = "bni", date(2026, 3, 1)
UNKNOWN, EXPLAINED = "PRK" + "0" * 40, "PRK" + "1" * 40
PATH = f"/v1/staff/reconciliations/{BANK}/{DAY}"


def a_line(reference: str, amount: int, status: str = "success", day: date = DAY) -> str:
    back = "R1" if status == "reversal" else ""
    return f"{day},{BANK},{reference},R{reference[3:20]},{amount}.00,0.00,{status},{day}T10:00:00+07:00,{back}"


def drop(lines: Sequence[str], upload: str, *, day: date = DAY, uploader: str = "ani") -> str:
    """The object's key."""
    key = object_key_of(BANK, day, upload)
    content = "".join(f"{line}\n" for line in (",".join(COLUMNS), *lines)).encode()
    notes = {"uploader": uploader}
    boto3.client("s3").put_object(Bucket=f"prakerja-{STAGE}-statements", Key=key, Body=content, Metadata=notes)
    return key


def compare(town: Town, key: str, *, day: date = DAY) -> None:
    """All steps of it, by hand: what else was changed is not followed."""
    town.tell("reconcile_statements", Records=[{"s3": {"object": {"key": key}}}])
    newest = bootstrap.reconciliations().day(BANK, day).newest
    town.tell("reconcile_statements", bank=BANK, day=day.isoformat(), number=newest)
    while (known := bootstrap.reconciliations().day(BANK, day)).state in (Phase.ENTER, Phase.REVIEW):
        place = {"run": known.run, "phase": known.state.value, "step": known.step}
        town.tell("reconcile_statements", bank=BANK, day=day.isoformat(), **place)


def bring_statements(town: Town) -> None:
    first, second = a_line(UNKNOWN, 600_000), a_line(EXPLAINED, 250_000)
    compare(town, drop([first, second], "unggahan-1"))
    asked = {"against": "treasury", "reason": "paid_by_hand"}
    reply = town.ask("POST", f"{PATH}/payment/{EXPLAINED}/clearings", asked, token=SECOND_APPROVER)
    assert reply.status == 201, reply.text
    drop([first], "unggahan-2")
