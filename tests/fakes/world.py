"""Every port, joined as ``bootstrap`` joins the real ones, with one trouble and one clock for all."""

from chalicelib.adapters.registries.loaded import LoadedLists
from chalicelib.use_cases.eligibility.sign_decision import Notary
from chalicelib.use_cases.payouts.till import Till
from tests.fakes.admission import FakeDepths, FakeGates, FakePuzzles
from tests.fakes.debts import FakeDebts
from tests.fakes.eligibility import FakeReceipts, FakeSigner
from tests.fakes.journal import FakeJournal
from tests.fakes.ledger import FakeCorrections, FakeLedger
from tests.fakes.limits import FakeBuckets, FakeDisposableDomains, FakeMailTraffic, FakeSuppressions
from tests.fakes.lists import FakeListEntries, FakeListFiles, FakeLists
from tests.fakes.memberships import FakeMemberships
from tests.fakes.neighbours import (
    FakeBank,
    FakeListRegistry,
    FakeMailProvider,
    FakeMailWriter,
    FakePopulationRegistry,
)
from tests.fakes.payout_accounts import FakePayoutAccounts
from tests.fakes.payout_batches import FakeBatchFiles, FakePayoutBatches, FakePayoutChannels, FakeSeenNotices
from tests.fakes.payouts import FakePayouts
from tests.fakes.people import FakeAccounts, FakeApplicants, FakeOutbox
from tests.fakes.photos import FakeFaceRegistry, FakePhotos
from tests.fakes.places import FakePlaces
from tests.fakes.reconciliations import FakeReconciliations, FakeStatementFiles
from tests.fakes.registries import FakeRegistryAnswers, FakeRegistryBudgets, FakeWaitingChecks, FakeWaveLook
from tests.fakes.support import FakeAuditLog, FakeAuditRoots, FakeDocuments
from tests.fakes.surroundings import FakeChance, FakeClock, FakeIndexer, FakeMessages, FakePasswords
from tests.fakes.surveys import FakeSurveys
from tests.fakes.training import FakeCourses, FakePurchases
from tests.fakes.trouble import Trouble
from tests.fakes.waves import FakeBeacon, FakeDrawFiles, FakeDrawWorks, FakeWaves


class World:
    def __init__(self, seed: int = 7, *, clock: FakeClock | None = None, trouble: Trouble | None = None) -> None:
        self.trouble = trouble or Trouble()
        self.clock = clock or FakeClock()
        self.chance = FakeChance(seed)
        self.indexer = FakeIndexer()
        self.passwords = FakePasswords()
        self.messages = FakeMessages(self.trouble)
        self._keep_people()
        self._run_the_programme()
        self._meet_neighbours()

    def _keep_people(self) -> None:
        self.accounts = FakeAccounts(self.trouble)
        self.outbox = FakeOutbox(self.trouble)
        self.buckets = FakeBuckets(self.trouble)
        self.mail_traffic = FakeMailTraffic(self.trouble)
        self.suppressions = FakeSuppressions(self.trouble)
        self.disposable_domains = FakeDisposableDomains()
        self.gates = FakeGates(self.trouble)
        self.depths = FakeDepths(self.trouble)
        self.puzzles = FakePuzzles()
        self.applicants = FakeApplicants(self.trouble, self.clock)
        self.photos = FakePhotos(self.trouble)
        self.waiting_checks = FakeWaitingChecks(self.trouble)
        self.registry_budgets = FakeRegistryBudgets(self.trouble)
        self.registry_answers = FakeRegistryAnswers(self.trouble)
        self.wave_look = FakeWaveLook(self.trouble)
        self.audit_log = FakeAuditLog(self.trouble)
        self.audit_roots = FakeAuditRoots(self.trouble)
        self.documents = FakeDocuments(self.trouble)

    def _run_the_programme(self) -> None:
        self.lists = FakeLists(self.trouble)
        self.list_entries = FakeListEntries(self.trouble)
        self.list_files = FakeListFiles(self.trouble)
        self.loaded_lists = LoadedLists(self.lists, self.list_entries, self.indexer, now=lambda: self.clock.now())
        self.waves = FakeWaves(self.trouble)
        self.places = FakePlaces(self.waves, self.trouble)
        self.draw_files = FakeDrawFiles(self.trouble)
        self.draw_works = FakeDrawWorks(self.trouble)
        self.beacon = FakeBeacon(self.clock, self.trouble)
        self.ledger = FakeLedger(self.trouble)
        self.corrections = FakeCorrections(self.ledger, self.trouble)
        self.journal = FakeJournal(self.trouble)
        self.memberships = FakeMemberships(self.ledger, self.trouble, self.applicants, self.waves, self.places)
        self.receipts = FakeReceipts(self.trouble)
        self.signer = FakeSigner()
        self.courses = FakeCourses(self.trouble)
        self.purchases = FakePurchases(self.courses, self.ledger, self.memberships, self.trouble)
        self.payout_accounts = FakePayoutAccounts(self.trouble)
        self.payout_batches = FakePayoutBatches(self.trouble)
        self.payouts = FakePayouts(self.ledger, self.payout_batches, self.trouble)
        self.reconciliations = FakeReconciliations(self.ledger, self.trouble)
        self.debts = FakeDebts(self.ledger, self.trouble)
        self.statement_files = FakeStatementFiles(self.trouble)
        self.surveys = FakeSurveys(self.trouble)
        self.payout_channels = FakePayoutChannels(self.trouble)
        self.seen_notices = FakeSeenNotices(self.trouble)
        self.batch_files = FakeBatchFiles(self.trouble)

    def _meet_neighbours(self) -> None:
        self.population = FakePopulationRegistry(self.trouble)
        self.faces = FakeFaceRegistry(self.trouble)
        self.education = FakeListRegistry(self.trouble)
        self.social = FakeListRegistry(self.trouble)
        self.bank = FakeBank(self.clock, self.trouble)
        self.writer = FakeMailWriter()
        self.ses = FakeMailProvider("ses", self.trouble)
        self.sendgrid = FakeMailProvider("sendgrid", self.trouble)
        self.providers = (self.ses, self.sendgrid)

    @property
    def till(self) -> Till:
        return Till(
            payouts=self.payouts,
            batches=self.payout_batches,
            channels=self.payout_channels,
            payout_accounts=self.payout_accounts,
            memberships=self.memberships,
            purchases=self.purchases,
            applicants=self.applicants,
            lists=self.loaded_lists,
            ledger=self.ledger,
            bank=self.bank,
            indexer=self.indexer,
            clock=self.clock,
        )

    @property
    def notary(self) -> Notary:
        return Notary(self.receipts, self.signer, self.indexer, self.clock)
