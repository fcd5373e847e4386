"""In-memory fakes of every port in ``chalicelib/ports.py``, held to their word by ``tests/contract/stores``.

Each can be told to fail once: ``payouts.fails_before("save")``, ``payouts.fails_after("save")`` (the write was made),
``payouts.trouble.lose_reply()`` (the SDK asks again by itself). :class:`World` joins them all.
"""

from tests.fakes.admission import FakeDepths, FakeGates, FakePuzzles
from tests.fakes.eligibility import FakeReceipts, FakeSigner
from tests.fakes.journal import FakeJournal
from tests.fakes.ledger import FakeLedger
from tests.fakes.limits import FakeBuckets, FakeDisposableDomains, FakeMailTraffic, FakeSuppressions
from tests.fakes.lists import FakeListEntries, FakeListFiles, FakeLists
from tests.fakes.memberships import FakeMemberships
from tests.fakes.neighbours import (
    FakeBank,
    FakeListRegistry,
    FakeMailProvider,
    FakeMailWriter,
    FakePopulationRegistry,
    Fate,
)
from tests.fakes.payout_accounts import FakePayoutAccounts
from tests.fakes.payout_batches import FakeBatchFiles, FakePayoutBatches, FakePayoutChannels, FakeSeenNotices
from tests.fakes.payouts import FakePayouts
from tests.fakes.people import FakeAccounts, FakeApplicants, FakeOutbox
from tests.fakes.photos import FakeFaceRegistry, FakePhotos
from tests.fakes.places import FakePlaces
from tests.fakes.registries import FakeRegistryAnswers, FakeRegistryBudgets, FakeWaitingChecks, FakeWaveLook
from tests.fakes.support import FakeAuditLog, FakeAuditRoots, FakeDocuments
from tests.fakes.surroundings import NOON, FakeChance, FakeClock, FakeIndexer, FakeMessages, FakePasswords
from tests.fakes.training import FakeCourses, FakePurchases
from tests.fakes.trouble import Fake, Killed, Trouble, outside
from tests.fakes.waves import FakeBeacon, FakeDrawFiles, FakeDrawWorks, FakeWaves
from tests.fakes.world import World

__all__ = [
    "NOON",
    "Fake",
    "FakeAccounts",
    "FakeApplicants",
    "FakeAuditLog",
    "FakeAuditRoots",
    "FakeBank",
    "FakeBatchFiles",
    "FakeBeacon",
    "FakeBuckets",
    "FakeChance",
    "FakeClock",
    "FakeCourses",
    "FakeDepths",
    "FakeDisposableDomains",
    "FakeDocuments",
    "FakeDrawFiles",
    "FakeDrawWorks",
    "FakeFaceRegistry",
    "FakeGates",
    "FakeIndexer",
    "FakeJournal",
    "FakeLedger",
    "FakeListEntries",
    "FakeListFiles",
    "FakeListRegistry",
    "FakeLists",
    "FakeMailProvider",
    "FakeMailTraffic",
    "FakeMailWriter",
    "FakeMemberships",
    "FakeMessages",
    "FakeOutbox",
    "FakePasswords",
    "FakePayoutAccounts",
    "FakePayoutBatches",
    "FakePayoutChannels",
    "FakePayouts",
    "FakePhotos",
    "FakePlaces",
    "FakePopulationRegistry",
    "FakePurchases",
    "FakePuzzles",
    "FakeReceipts",
    "FakeRegistryAnswers",
    "FakeRegistryBudgets",
    "FakeSeenNotices",
    "FakeSigner",
    "FakeSuppressions",
    "FakeWaitingChecks",
    "FakeWaveLook",
    "FakeWaves",
    "Fate",
    "Killed",
    "Trouble",
    "World",
    "outside",
]
