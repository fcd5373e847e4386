"""What ``AuditLog`` and ``AuditRoots`` promise: entries follow from one another, none is lost or written over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import boto3
import pytest

from chalicelib import bootstrap
from chalicelib.domain.audit import Act, Deed, Entry, Flaw, Head, chain_of, flaws_of, root_of
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.registration import Role
from chalicelib.observability import correlated
from chalicelib.ports import AuditLog
from tests.contract.stores.conftest import Stores
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON

THREADS = 4


def a_deed(subject: str, staff: str = "ani", minute: int = 0) -> Deed:
    at = NOON + timedelta(minutes=minute)
    return Deed(StaffId(staff), Role.CASEWORKER, Act.DISCLOSE, subject, ("nik", "phone"), "They asked us to.", at)


def a_subject() -> str:
    return f"CASE{fresh():08d}"


@pytest.fixture
def audit_log(stores: Stores) -> AuditLog:
    return stores.audit_log


def test_an_entry_comes_back_as_it_was_put_on_record(audit_log: AuditLog) -> None:
    deed = a_deed(a_subject())
    with correlated("request-0001"):
        entry = audit_log.append(deed)
    assert (entry.deed, entry.correlation_id, entry.chain) == (deed, "request-0001", chain_of(deed.staff))
    assert audit_log.head(entry.chain) == entry
    assert list(audit_log.entries(entry.chain, after=entry.number - 1)) == [entry]


def test_a_chain_has_no_flaws_however_long_it_grows(audit_log: AuditLog) -> None:
    chain = chain_of(StaffId("ani"))
    first = audit_log.append(a_deed(a_subject()))
    for _ in range(5):
        audit_log.append(a_deed(a_subject()))
    assert list(flaws_of(chain, audit_log.entries(chain))) == []
    later = list(audit_log.entries(chain, after=first.number))
    assert [each.number for each in later] == list(range(first.number + 1, first.number + 6))


def test_a_chain_without_entries_has_no_head(audit_log: AuditLog) -> None:
    empty = next(chain for chain in range(16) if chain not in {chain_of(StaffId(name)) for name in ("ani", "budi")})
    assert audit_log.head(empty) is None
    assert list(audit_log.entries(empty)) == []


def test_officers_at_once_are_all_on_record(audit_log: AuditLog) -> None:
    subject = a_subject()
    with ThreadPoolExecutor(THREADS) as pool:
        entries = list(pool.map(lambda minute: audit_log.append(a_deed(subject, minute=minute)), range(THREADS)))
    assert len({entry.number for entry in entries}) == THREADS
    chain = entries[0].chain
    assert list(flaws_of(chain, audit_log.entries(chain))) == []


def test_a_lost_reply_puts_it_on_record_once(stores: Stores) -> None:
    subject = a_subject()
    with stores.one_reply_lost():
        stores.audit_log.append(a_deed(subject))
    entries, _ = stores.audit_log.of_subject(subject, after=None, limit=10)
    assert len(entries) == 1


def test_what_is_not_sure_is_told_as_an_outage(stores: Stores) -> None:
    with stores.no_reply_comes("audit_log.append"), pytest.raises(StoreUnavailable):
        stores.audit_log.append(a_deed(a_subject()))


def test_a_subjects_entries_come_newest_first_and_page_by_page(audit_log: AuditLog) -> None:
    subject = a_subject()
    staff = ["ani", "budi", "ani", "budi", "ani"]
    for minute, name in enumerate(staff):
        audit_log.append(a_deed(subject, name, minute))
    audit_log.append(a_deed(a_subject()))
    seen: list[Entry] = []
    after = None
    for _ in range(5):
        page, after = audit_log.of_subject(subject, after=after, limit=2)
        seen += page
        if after is None:
            break
    assert [entry.deed.at for entry in seen] == [NOON + timedelta(minutes=minute) for minute in (4, 3, 2, 1, 0)]
    assert [entry.deed.staff for entry in seen] == staff[::-1]


def test_nobody_has_entries_whom_nobody_looked_at(audit_log: AuditLog) -> None:
    assert audit_log.of_subject(a_subject(), after=None, limit=10) == ([], None)


def test_the_first_root_of_a_day_stands(stores: Stores) -> None:
    day = NOON.date() + timedelta(days=fresh())
    root = root_of(day, {3: Head(7, "a" * 64), 11: Head(1, "b" * 64)})
    stores.audit_roots.keep(root)
    stores.audit_roots.keep(root_of(day, {}))
    assert [each for each in stores.audit_roots.all() if each.day == day] == [root]


def test_roots_come_oldest_first(stores: Stores) -> None:
    days = [NOON.date() + timedelta(days=1000 + fresh()) for _ in range(3)]
    for day in reversed(days):
        stores.audit_roots.keep(root_of(day, {}))
    assert [each.day for each in stores.audit_roots.all()][-3:] == days


@pytest.mark.usefixtures("deployed")
def test_a_root_that_was_laid_over_another_is_read_as_well() -> None:
    """Whoever may write there may add a version; the lock keeps the one below."""
    roots, day = bootstrap.audit_roots(), NOON.date() + timedelta(days=5000)
    roots.keep(root_of(day, {3: Head(7, "a" * 64)}))
    s3, name = boto3.client("s3"), "prakerja-local-audit"
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    key = f"roots/{day}.json"
    kept = s3.get_object(Bucket=name, Key=key)["Body"].read()
    s3.put_object(Bucket=name, Key=key, Body=kept.replace(b"a" * 64, b"c" * 64))
    heads = [each.heads[3].digest for each in roots.all() if each.day == day]
    assert set(heads) == {"a" * 64, "c" * 64}


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize(
    ("change", "flaw"),
    [("reason = :v", Flaw.ALTERED), ("subject = :v", Flaw.ALTERED), ("previous = :v", Flaw.ALTERED)],
)
def test_an_item_that_was_changed_by_hand_is_found(change: str, flaw: Flaw) -> None:
    log = bootstrap.audit_log()
    entry = log.append(a_deed(a_subject(), staff=f"staff-{fresh()}"))
    boto3.client("dynamodb").update_item(
        TableName="prakerja-local-audit",
        Key={"pk": {"S": f"chain#{entry.chain}"}, "sk": {"S": f"{entry.number:012d}"}},
        UpdateExpression=f"SET {change}",
        ExpressionAttributeValues={":v": {"S": "another"}},
    )
    named = {(each.number, each.flaw) for each in flaws_of(entry.chain, log.entries(entry.chain))}
    assert (entry.number, flaw) in named
