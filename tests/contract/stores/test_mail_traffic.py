"""What ``MailTraffic`` and ``Suppressions`` promise."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import StaleWrite
from chalicelib.domain.mail_fates import Fate, Suppression
from chalicelib.domain.mail_routes import Hour, Quota, first_plan
from chalicelib.domain.mail_traffic import SLOT, Slot
from chalicelib.ports import MailTraffic, Suppressions
from tests.builders import an_applicant_id
from tests.contract.stores.fresh import fresh
from tests.fakes import NOON


def provider() -> str:
    return f"provider-{fresh()}"


def test_counts_of_a_slot_add_up(mail_traffic: MailTraffic) -> None:
    name = provider()
    mail_traffic.count(name, NOON, taken=2, failed=1)
    mail_traffic.count(name, NOON, quick=1, late=1, bounced=1, complained=1)
    mail_traffic.count(name, NOON, taken=1)
    (slot,) = mail_traffic.newest(name, since=NOON)
    assert slot == Slot(NOON, taken=3, failed=1, quick=1, late=1, bounced=1, complained=1)


def test_slots_come_newest_first_since_a_moment_and_no_more_than_asked_for(mail_traffic: MailTraffic) -> None:
    name = provider()
    for place in range(6):
        mail_traffic.count(name, NOON + place * SLOT, taken=place + 1)
    newest = mail_traffic.newest(name, since=NOON + SLOT, limit=3)
    assert [slot.taken for slot in newest] == [6, 5, 4]
    assert len(mail_traffic.newest(name, since=NOON + SLOT)) == 5
    assert not mail_traffic.newest(provider(), since=NOON)


def test_a_plan_comes_back_as_it_was_saved_and_moves_from_the_version_read(mail_traffic: MailTraffic) -> None:
    known = mail_traffic.plan()
    plan = first_plan({"ses": Quota(14.5, 50_000), "sendgrid": Quota(10, 40_000)}, now=NOON)
    routes = (replace(plan.routes[0], hours=(Hour(NOON, 7),), complaints=0.5), *plan.routes[1:])
    plan = replace(plan, routes=routes, version=known.version if known else 0)
    mail_traffic.save_plan(plan)
    assert mail_traffic.plan() == replace(plan, version=plan.version + 1)
    with pytest.raises(StaleWrite):
        mail_traffic.save_plan(plan)


def test_a_suppression_comes_back_as_it_was_saved(suppressions: Suppressions) -> None:
    id = an_applicant_id(fresh())
    assert suppressions.get(id) is None
    suppression = Suppression(id, Fate.BOUNCED, NOON)
    suppressions.save(suppression)
    assert suppressions.get(id) == replace(suppression, version=1)
    lifted = replace(suppression, lifted_at=NOON + timedelta(days=1), version=1)
    suppressions.save(lifted)
    assert suppressions.get(id) == replace(lifted, version=2)
    with pytest.raises(StaleWrite):
        suppressions.save(suppression)
