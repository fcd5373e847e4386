"""Every store twice: the fake, and the real one on moto. What one case asks of both, a fake cannot lie about."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from chalicelib import bootstrap, ports, settings
from chalicelib.domain.errors import StoreUnavailable
from infra.local.engine import Engine
from infra.local.moto_engine import MotoEngine
from infra.local.stack import deploy
from tests.contract.stores.lost_replies import no_reply_comes, one_reply_lost
from tests.fakes import World

STAGE = "local"
_NOWHERE = "http://127.0.0.1:1"
_SETTINGS = {
    "STAGE": STAGE,
    "PUBLIC_URL": _NOWHERE,
    "MAIL_SENDER": "Prakerja <tidak-dibalas@prakerja.example>",
    "POPULATION_REGISTRY_URL": _NOWHERE,
    "EDUCATION_REGISTRY_URL": _NOWHERE,
    "SOCIAL_REGISTRY_URL": _NOWHERE,
    "BANK_URL": _NOWHERE,
    "SENDGRID_URL": _NOWHERE,
    "BEACON_URL": _NOWHERE,
    "POWERTOOLS_METRICS_DISABLED": "true",
}


@dataclass(frozen=True)
class Stores:
    """One of each. ``one_reply_lost``: inside, the first write is made, its reply lost, and the SDK asks again.
    ``no_reply_comes(call)``: inside, the call is made, and not even the SDK learns of it."""

    accounts: ports.Accounts
    applicants: ports.Applicants
    waves: ports.Waves
    places: ports.Places
    draw_files: ports.DrawFiles
    draw_works: ports.DrawWorks
    lists: ports.Lists
    list_entries: ports.ListEntries
    memberships: ports.Memberships
    receipts: ports.Receipts
    courses: ports.Courses
    purchases: ports.Purchases
    ledger: ports.Ledger
    corrections: ports.Corrections
    journal: ports.Journal
    payout_accounts: ports.PayoutAccounts
    payouts: ports.Payouts
    payout_batches: ports.PayoutBatches
    payout_channels: ports.PayoutChannels
    seen_notices: ports.SeenNotices
    batch_files: ports.BatchFiles
    audit_log: ports.AuditLog
    audit_roots: ports.AuditRoots
    outbox: ports.Outbox
    buckets: ports.Buckets
    mail_traffic: ports.MailTraffic
    suppressions: ports.Suppressions
    waiting_checks: ports.WaitingChecks
    registry_budgets: ports.RegistryBudgets
    registry_answers: ports.RegistryAnswers
    one_reply_lost: Callable[[], AbstractContextManager[None]]
    no_reply_comes: Callable[[str], AbstractContextManager[None]]


# Until the package's last test, not the session's: other packages start engines of their own after it.
@pytest.fixture(scope="package")
def deployed() -> Iterator[Engine]:
    """Moto with all that ``infra/*.yaml`` describes. Tests take fresh ids instead of a fresh engine."""
    engine = MotoEngine()
    engine.start()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in (engine.environment | _SETTINGS).items():
            environment.setenv(name, value)
        environment.delenv("AWS_REGION", raising=False)
        _forget()
        deploy(STAGE)
        _put_index_keys()
        yield engine
        _forget()
    engine.stop()


@pytest.fixture(params=["fake", "moto"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "fake":
        return _in_memory()
    request.getfixturevalue("deployed")
    return _on_moto()


def _in_memory() -> Stores:
    world = World()

    @contextmanager
    def lose_one() -> Iterator[None]:
        world.trouble.lose_reply()
        yield
        assert world.trouble.is_over(), "nothing was written"

    @contextmanager
    def lose_all(call: str) -> Iterator[None]:
        world.trouble.fail(call, StoreUnavailable(), after=True)
        yield
        assert world.trouble.is_over(), "nothing was called"

    ports_of_world = {name: getattr(world, name) for name in _PORTS}
    return Stores(**ports_of_world, one_reply_lost=lose_one, no_reply_comes=lose_all)


def _on_moto() -> Stores:
    made: dict[str, Any] = {name: getattr(bootstrap, name)() for name in _PORTS}
    return Stores(**made, one_reply_lost=one_reply_lost, no_reply_comes=lambda _call: no_reply_comes())


_PORTS = [name for name in Stores.__dataclass_fields__ if not name.endswith(("_lost", "_comes"))]


def _put_index_keys() -> None:
    keys = {"current": "1", "keys": {"1": base64.b64encode(b"k" * 32).decode()}}
    secret = settings.resource_name("index-keys")
    boto3.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=json.dumps(keys))


def _forget() -> None:
    """What was made for another engine: clients, data keys, secrets."""
    from chalicelib.adapters import aws_clients
    from chalicelib.adapters.storage import items

    for each in (*vars(bootstrap).values(), aws_clients._session, settings.settings, items._connection):
        if hasattr(each, "cache_clear"):
            each.cache_clear()


@pytest.fixture
def accounts(stores: Stores) -> ports.Accounts:
    return stores.accounts


@pytest.fixture
def applicants(stores: Stores) -> ports.Applicants:
    return stores.applicants


@pytest.fixture
def waves(stores: Stores) -> ports.Waves:
    return stores.waves


@pytest.fixture
def draw_files(stores: Stores) -> ports.DrawFiles:
    return stores.draw_files


@pytest.fixture
def draw_works(stores: Stores) -> ports.DrawWorks:
    return stores.draw_works


@pytest.fixture
def memberships(stores: Stores) -> ports.Memberships:
    return stores.memberships


@pytest.fixture
def courses(stores: Stores) -> ports.Courses:
    return stores.courses


@pytest.fixture
def purchases(stores: Stores) -> ports.Purchases:
    return stores.purchases


@pytest.fixture
def ledger(stores: Stores) -> ports.Ledger:
    return stores.ledger


@pytest.fixture
def journal(stores: Stores) -> ports.Journal:
    return stores.journal


@pytest.fixture
def payout_accounts(stores: Stores) -> ports.PayoutAccounts:
    return stores.payout_accounts


@pytest.fixture
def payouts(stores: Stores) -> ports.Payouts:
    return stores.payouts


@pytest.fixture
def outbox(stores: Stores) -> ports.Outbox:
    return stores.outbox


@pytest.fixture
def buckets(stores: Stores) -> ports.Buckets:
    return stores.buckets


@pytest.fixture
def mail_traffic(stores: Stores) -> ports.MailTraffic:
    return stores.mail_traffic


@pytest.fixture
def suppressions(stores: Stores) -> ports.Suppressions:
    return stores.suppressions
