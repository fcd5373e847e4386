"""Everything we ask of the outside world, on one page.

Adapters implement these, fakes in ``tests/fakes.py`` imitate them, and one set of contract tests holds both to
their word. Nothing here knows of AWS. Every method may raise ``Unavailable``: try again later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    # Only for the reader and mypy: a function that asks for one port must not load the whole domain at cold start.
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime, timedelta

    from chalicelib.domain.account_namings import AccountNaming
    from chalicelib.domain.admission import Gate, Puzzle
    from chalicelib.domain.audit import Deed, Entry, Root
    from chalicelib.domain.banking import BankAccount, BankNotice, TransferAnswer, TransferOrder
    from chalicelib.domain.cases import DocumentKind, DocumentType
    from chalicelib.domain.commands import Queue
    from chalicelib.domain.debts import Debt, DebtState, Repayment
    from chalicelib.domain.documents import DocumentReading
    from chalicelib.domain.faces import FaceAnswer
    from chalicelib.domain.former_attempts import FormerAttempt
    from chalicelib.domain.identifiers import (
        ApplicantId,
        BatchId,
        CardNumber,
        ClientCode,
        CourseCode,
        Index,
        InvoiceCode,
        ListName,
        PayoutId,
        PurchaseId,
        RedeemCode,
        Reference,
        ScheduleCode,
        SendKey,
        StaffId,
        WaveNumber,
    )
    from chalicelib.domain.ledger import OwnedAccount, Posting
    from chalicelib.domain.ledger_chain import LedgerEntry, LedgerHead
    from chalicelib.domain.ledger_corrections import Correction
    from chalicelib.domain.ledger_dues import Owed
    from chalicelib.domain.limits import Allowance
    from chalicelib.domain.list_entries import ListEntry
    from chalicelib.domain.list_rows import Flaw, ListRow
    from chalicelib.domain.lists import ListHead, ListUpload, ListVersion
    from chalicelib.domain.lookalikes import Seen
    from chalicelib.domain.mail import Language, Mail, OutboxMail, Template
    from chalicelib.domain.mail_fates import MailFate, Suppression
    from chalicelib.domain.mail_routes import MailPlan, Quota
    from chalicelib.domain.mail_traffic import Slot
    from chalicelib.domain.membership import Membership
    from chalicelib.domain.nik import Nik
    from chalicelib.domain.payout_accounts import PayoutAccount
    from chalicelib.domain.payout_batches import Batch, BatchState
    from chalicelib.domain.payout_channels import Channel
    from chalicelib.domain.payouts import Payout, PayoutState
    from chalicelib.domain.photos import PhotoReading, UploadForm
    from chalicelib.domain.receipts import SignedReceipt
    from chalicelib.domain.reconciliation.days import Day
    from chalicelib.domain.reconciliation.differences import Difference
    from chalicelib.domain.reconciliation.verdicts import Found
    from chalicelib.domain.registration import Account, Failures, Session
    from chalicelib.domain.registry_answers import KeptAnswer
    from chalicelib.domain.registry_budget import Budget
    from chalicelib.domain.selection.beacon import RandomValue
    from chalicelib.domain.selection.freed_places import FreedPlace, WaitingOrder
    from chalicelib.domain.selection.work import DrawWork
    from chalicelib.domain.statements import Statement, StatementUpload
    from chalicelib.domain.support import Waiting, WaitingCase
    from chalicelib.domain.surveys import FilledSurvey
    from chalicelib.domain.training import Course, Partner, Purchase, Schedule
    from chalicelib.domain.verification import (
        Applicant,
        Identity,
        ListMatch,
        PhotoKind,
        PopulationAnswer,
        Registry,
    )
    from chalicelib.domain.waiting_checks import Backlog, Landmark, WaitingCheck
    from chalicelib.domain.waves import Wave, WaveEntry

# --- Time and chance ------------------------------------------------------------------------------------------


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, with its zone."""

    def wait_until(self, moment: datetime) -> None:
        """Seconds at most: whoever waits is paid for. Nothing to do for a moment that is past."""


class Chance(Protocol):
    def token(self) -> str:
        """A secret nobody can guess: 256 bits, URL-safe."""


class Indexer(Protocol):
    """Keyed HMAC-SHA-256, one label per kind of value: the only way in which a personal value may be found again."""

    def index(self, label: str, value: str) -> Index:
        """The same for the same label and value; tells nothing of the value."""

    def derived(self, label: str, value: str) -> bytes:
        """32 bytes that only we can derive: codes, tokens and card numbers that need not be stored."""


class ReceiptSigner(Protocol):
    """Ed25519, so that whoever has the public key can check and nobody but us can sign."""

    key: str
    """The name of the key that signs now."""

    def sign(self, message: bytes) -> bytes: ...

    def public_keys(self) -> Mapping[str, bytes]:
        """By name, 32 bytes each: the present one, and all under which receipts were signed before."""


class Passwords(Protocol):
    def hashed(self, password: str) -> str: ...

    def matches(self, password: str, password_hash: str | None) -> bool:
        """Takes as long for None (no such account) as for a wrong password."""


# --- Messages -------------------------------------------------------------------------------------------------


class Messages(Protocol):
    def send(self, queue: Queue, *bodies: Mapping[str, object]) -> None:
        """One message per body, each carrying the correlation id of the work at hand. All or ``Unavailable``."""


class QueueDepths(Protocol):
    def waiting(self, queue: Queue) -> int:
        """About how many messages nobody has taken up yet."""

    def unfinished(self, queue: Queue) -> int:
        """Those, what is being worked on, and what was put back to be seen later."""


# --- The gate of a rush ---------------------------------------------------------------------------------------


class Gates(Protocol):
    def get(self) -> Gate:
        """An open one (version 0) where nobody ever set it."""

    def save(self, gate: Gate) -> None: ...


class GateLook(Protocol):
    def gate(self) -> Gate | None:
        """As it was seen a few seconds ago; None while nobody need wait. Never fails: unknown is open."""


class Puzzles(Protocol):
    """Work to be done by machine before a ticket."""

    def pose(self, visitor: Index, *, expires_at: datetime) -> Puzzle: ...

    def is_solved(self, solution: str, visitor: Index, *, now: datetime) -> bool:
        """Whether this is the solution of a puzzle that was posed to this very visitor, and in time."""


# --- Tables: one port per service -----------------------------------------------------------------------------
#
# ``add`` is for what must be new (``AlreadyDone`` when it is not, unless this very write made it), ``save`` moves an
# aggregate on from the version that was read (``StaleWrite`` when someone moved it first), ``get`` reads consistently.


class Accounts(Protocol):
    def add(self, account: Account) -> None: ...

    def add_each(self, accounts: Sequence[Account]) -> frozenset[ApplicantId]:
        """Those that this call opened, each on its own; of the rest ``add`` tells why not. No id may come twice."""

    def get(self, id: ApplicantId) -> Account | None: ...

    def save(self, account: Account) -> None: ...

    def add_session(self, token: Index, session: Session) -> None: ...

    def session(self, token: Index) -> Session | None: ...

    def end_session(self, token: Index) -> None: ...

    def failures(self, key: str) -> Failures: ...

    def save_failures(self, failures: Failures) -> None: ...


class Buckets(Protocol):
    def take(
        self, key: str, allowance: Allowance, *, now: datetime, count: int = 1, ahead: timedelta = ..., by: str = ...
    ) -> datetime | None:
        """Take tokens; when they may be used (now, or up to ``ahead`` later), or None when there are not that many.
        Safe for many at once; a lost reply may cost a token too many. Whoever says who they are (``by``) and was the
        last to take may always do what they took for, so that trying again is never refused."""


class Applicants(Protocol):
    def get(self, id: ApplicantId) -> Applicant:
        """A new one (version 0) where nothing was stored yet."""

    def get_each(self, ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, Applicant]:
        """Of those of whom something is stored."""

    def save(self, applicant: Applicant) -> None: ...

    def save_claim(self, applicant: Applicant) -> None:
        """Save, and with it claim the identity's NIK. ``AlreadyDone`` when the NIK is another applicant's."""

    def save_release(self, applicant: Applicant, *, nik: Nik | None = None) -> None:
        """Save, and with it let go of the identity's NIK (or of the one that was stated before), where it is this
        applicant's: a typo must not lock out whose it really is."""

    def by_reference(self, reference: Reference) -> Applicant | None:
        """None also for one that two applicants share: better nobody's case than another's."""

    def waiting(self, waiting: Waiting, *, after: str | None, limit: int) -> tuple[Sequence[WaitingCase], str | None]:
        """Cases that are before people for this, oldest first (eventually consistent)."""

    def save_selfie(self, applicant: Applicant) -> None:
        """Save, and with it note the accepted selfie's fingerprint, by which it is found from here on."""

    def selfies_like(self, fingerprint: str) -> Sequence[Seen]:
        """Selfies, anybody's, that share half of this fingerprint (``domain/lookalikes.py``): some, where there are
        very many."""

    def holders_of(self, niks: Sequence[Index]) -> Mapping[Index, ApplicantId]:
        """Of these NIKs (up to 100, by index) those that are claimed, and by whom."""


class Waves(Protocol):
    def add(self, wave: Wave, *, recovered: Sequence[Wave] = ()) -> None:
        """With those that it recovers, together or not at all."""

    def get(self, number: WaveNumber) -> Wave | None: ...

    def save(self, wave: Wave, *, recovered: Sequence[Wave] = ()) -> None:
        """With those that it recovers, or no longer does, together or not at all."""

    def due(self, *, now: datetime, limit: int) -> Sequence[Wave]:
        """Those whose next step is due, however many are planned; due longest first. Not yet seen: what was written a
        moment ago."""

    def opened(self, *, now: datetime, limit: int) -> Sequence[Wave]:
        """Approved ones whose opening has come, newest first (a moment old, as those below)."""

    def to_open(self, *, now: datetime, limit: int) -> Sequence[Wave]:
        """Approved ones whose opening is still to come, the next first."""

    def newest_first(self, *, limit: int, before: WaveNumber | None = None) -> Sequence[Wave]: ...

    def add_entry(self, entry: WaveEntry) -> None: ...

    def entries_of(self, applicant_id: ApplicantId, waves: Sequence[WaveNumber]) -> Sequence[WaveEntry]: ...

    def entries_in_shard(self, wave: WaveNumber, shard: int) -> Iterator[WaveEntry]: ...

    def save_entry(self, entry: WaveEntry) -> None: ...

    def count_in_shard(self, wave: WaveNumber, shard: int) -> int:
        """How many joined, without reading them."""

    def entries_after(
        self, wave: WaveNumber, shard: int, *, after: ApplicantId | None, limit: int
    ) -> Sequence[WaveEntry]:
        """A page of a shard's entries, by applicant id."""


class DrawWorks(Protocol):
    """Where the freezing and drawing of each wave stands."""

    def get(self, wave: WaveNumber) -> DrawWork | None: ...

    def save(self, work: DrawWork) -> None: ...


class Places(Protocol):
    """Places of drawn waves that fell free, and what became of each."""

    def order(self, wave: WaveNumber, province: str) -> WaitingOrder:
        """A new one (version 0) where no place fell free yet."""

    def freed(self, wave: WaveNumber, by: ApplicantId) -> FreedPlace | None:
        """The place that this person could not have; None while it was not passed on."""

    def pass_on(self, place: FreedPlace, order: WaitingOrder, moved_up: WaveEntry | None) -> None:
        """The place, the province's order behind it, and the entry that has moved up into it, together or not at all.

        ``AlreadyDone`` when this place was passed on before, ``StaleWrite`` when order or entry were moved since."""

    def lapsed(self, wave: WaveNumber) -> int:
        """Places of all provinces that nobody was left to take: for a wave that recovers them."""


class WaveLook(Protocol):
    def next_closing(self, *, now: datetime) -> datetime | None:
        """When the wave closes that whoever is verified now could join: the open one that closes first, else the one
        that opens next. As it was seen half a minute ago at most."""


class Memberships(Protocol):
    def award(
        self,
        membership: Membership,
        posting: Posting,
        *,
        most_per_family: int,
        applicant_version: int | None = None,
        entry: WaveEntry | None = None,
    ) -> None:
        """Membership, card number, a place of the family and the grant's posting, together or not at all. Relatives
        awarded at once get the places that there are, each at the first call.

        ``StaleWrite`` when the applicant is no more as of ``applicant_version`` (a list may have come into force), or
        ``entry`` not as it was read (another decision may have excluded them).

        ``AlreadyDone("earlier_recipient")``, ``Conflict("family_limit")``, ``Conflict("card_number_taken")``.
        """

    def exclude(self, entry: WaveEntry) -> None:
        """The other end of a decision: the entry as it has moved, unless it awarded its applicant meanwhile
        (``AlreadyDone("earlier_recipient")``). An entry cannot be both."""

    def get(self, applicant_id: ApplicantId) -> Membership | None: ...

    def get_each(self, ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, Membership]:
        """Of those who are recipients."""

    def family_places_taken(self, family: Index, *, most: int) -> int:
        """Of a family's first ``most`` places."""

    def holder_of(self, card: CardNumber) -> ApplicantId | None: ...

    def save(self, membership: Membership) -> None: ...

    def due(self, *, now: datetime, after: str | None, limit: int) -> tuple[Sequence[ApplicantId], str | None]:
        """Recipients for whom something is due, the earliest first within a shard (eventually consistent). A page may
        be short before the end; the second value continues, None at the end."""

    def revoke(self, membership: Membership, posting: Posting | None, place: FreedPlace, order: WaitingOrder) -> None:
        """Membership, what is left of the grant, the place that lapses and the province's order, together or not at
        all. ``StaleWrite`` when any of them was moved since: a sale, say."""

    def end(self, membership: Membership, posting: Posting | None) -> None:
        """Membership and what is left of the grant, in the same way."""


class Receipts(Protocol):
    """Decisions about people, signed. Nothing here is ever changed."""

    def add(self, applicant_id: ApplicantId, receipt: SignedReceipt) -> None:
        """Under its number; ``AlreadyDone`` when that is another's."""

    def newest_first(
        self, applicant_id: ApplicantId, *, limit: int, before: int | None = None
    ) -> Sequence[SignedReceipt]:
        """``before``: those with smaller numbers only."""


class Courses(Protocol):
    def put(self, course: Course) -> None: ...

    def get(self, code: CourseCode) -> Course | None: ...

    def page(self, *, after: CourseCode | None, limit: int) -> Sequence[Course]: ...

    def put_schedule(self, schedule: Schedule) -> None: ...

    def schedule(self, course: CourseCode, code: ScheduleCode) -> Schedule | None: ...

    def schedules(self, course: CourseCode) -> Sequence[Schedule]: ...

    def put_partner(self, partner: Partner) -> None: ...

    def partner(self, client_code: ClientCode) -> Partner | None: ...


class Purchases(Protocol):
    def add_offer(self, purchase: Purchase) -> None: ...

    def get(self, id: PurchaseId) -> Purchase | None: ...

    def get_each(self, ids: Sequence[PurchaseId]) -> Mapping[PurchaseId, Purchase]:
        """Those that there are."""

    def by_invoice(self, platform: ClientCode, invoice: InvoiceCode) -> Purchase | None: ...

    def by_redeem_code(self, code: RedeemCode) -> Purchase | None: ...

    def of_applicant(self, applicant_id: ApplicantId) -> Sequence[Purchase]:
        """Those paid for, oldest first."""

    def of_each(self, applicant_ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, Sequence[Purchase]]:
        """The same of each of them; nothing of whoever bought nothing."""

    def save(self, purchase: Purchase) -> None: ...

    def pay(self, purchase: Purchase, posting: Posting) -> None:
        """The sale: purchase, posting, balance, a seat, invoice and redeem code, together or not at all; with it the
        buyer's membership counts one more.

        ``Conflict("balance_too_small")``, ``Conflict("schedule_full")``, ``AlreadyDone("invoice_already_used")``, and
        what ``domain/membership.py: check_may_buy`` refuses.
        """

    def give_back(self, purchase: Purchase, posting: Posting) -> None:
        """The sale undone: purchase, posting, balance, seat and count, together or not at all."""


class Ledger(Protocol):
    """``owner`` is a person or a bank's day (``domain/ledger.py``). Other stores post within their own transactions."""

    def post(self, posting: Posting) -> None:
        """A posting that goes with nothing else. ``AlreadyDone("posted_already")`` when its key is there."""

    def balance(self, owner: str, account: OwnedAccount) -> int: ...

    def head(self, owner: str) -> LedgerHead:
        """Number 0 for whoever never had money."""

    def entry(self, owner: str, key: str) -> LedgerEntry | None: ...

    def owed_each(self, asked: Sequence[tuple[ApplicantId, PayoutId]]) -> Mapping[PayoutId, Owed]:
        """What the books owe for each of these payouts, in one call for up to 25."""

    def entries_of(self, owner: str) -> Sequence[LedgerEntry]:
        """By number, as they lie there."""

    def postings_of(self, owner: str) -> Sequence[Posting]: ...

    def page(self, *, after: str | None, limit: int) -> tuple[Sequence[Posting], str | None]:
        """All postings, in no order; the second value continues, None at the end."""

    def owners(self, *, after: str | None, limit: int) -> tuple[Sequence[str], str | None]:
        """Whoever has a head, in no order (eventually consistent)."""


class Corrections(Protocol):
    """Requests to correct postings, by an id that follows from the posting."""

    def get(self, id: str) -> Correction | None: ...

    def save(self, correction: Correction) -> None:
        """Version 0: only where there is none."""

    def post(self, correction: Correction, posting: Posting) -> None:
        """Save the approved request and make its posting, together or not at all."""

    def page(self, *, after: str | None, limit: int) -> tuple[Sequence[Correction], str | None]: ...


class Journal(Protocol):
    """Files of the books, by name (``domain/ledger_journal.py``), that nobody can change; and sketches, which may."""

    def keep(self, name: str, content: bytes) -> bytes:
        """Write, unless something lies there: what stands from now on, whoever was first."""

    def read(self, name: str) -> bytes | None: ...

    def names(self, prefix: str, *, after: str = "") -> Iterator[str]:
        """In ascending order, however many."""

    def sketch(self, name: str, content: bytes) -> None:
        """Replaces what was sketched under this name before."""

    def sketched(self, name: str) -> bytes | None: ...


class PayoutAccounts(Protocol):
    def get(self, applicant_id: ApplicantId) -> PayoutAccount | None: ...

    def get_each(self, ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, PayoutAccount]:
        """Of those who have one."""

    def save(self, account: PayoutAccount) -> None: ...

    def save_verified(
        self, account: PayoutAccount, *, naming: AccountNaming | None = None, released: BankAccount | None = None
    ) -> None:
        """Save, and with it claim the account number, let go of the one that was this person's before, and note by
        whom it was named. ``AlreadyDone`` when it is another person's."""

    def save_refused(self, account: PayoutAccount, naming: AccountNaming) -> None:
        """Save, and with it note by whom the account was named."""

    def naming(self, account: BankAccount) -> AccountNaming:
        """A new one (version 0) where nobody named this account yet."""

    def to_look_at(self, *, now: datetime, limit: int) -> Sequence[ApplicantId]:
        """Whose change is due for its next step, longest first (a moment old)."""

    def suspicious(self, *, after: str | None, limit: int) -> tuple[Sequence[AccountNaming], str | None]:
        """Accounts that too many people named, newest first (a moment old)."""


class Payouts(Protocol):
    def add(self, payout: Payout, posting: Posting) -> None:
        """The payout and what is owed by it, together or not at all."""

    def get(self, id: PayoutId) -> Payout | None: ...

    def get_each(self, ids: Sequence[PayoutId]) -> Mapping[PayoutId, Payout]:
        """Those that there are."""

    def save(self, payout: Payout) -> None: ...

    def save_with(self, payout: Payout, *postings: Posting) -> None:
        """Save the payout and make the postings, together or not at all."""

    def save_each(self, moves: Sequence[tuple[Payout, Sequence[Posting]]]) -> None:
        """Save all of them and make their postings, together or not at all; up to 100 writes (a payout is one, a
        posting one, each person's ledger one more)."""

    def save_within(self, batch: Batch, payouts: Sequence[Payout]) -> None:
        """Save all of them if the batch is as it was read, together or not at all; up to 99. Else ``StaleWrite``."""

    def former(self, reference: str) -> FormerAttempt | None:
        """An attempt that was given up for another, as last written."""

    def save_with_former(self, payout: Payout, former: FormerAttempt, *postings: Posting) -> None:
        """Save both and make the postings, together or not at all."""

    def by_reference(self, reference: str) -> PayoutId | None:
        """Of the present attempt (eventually consistent)."""

    def page(
        self, state: PayoutState, *, after: str | None, limit: int, until: datetime | None = None
    ) -> tuple[Sequence[PayoutId], str | None]:
        """Ids of payouts in a state, within a shard those first whose turn comes first (eventually consistent);
        ``until``: those whose turn has come by then. Those that are over are in no page."""

    def due(self, state: PayoutState, *, at: datetime, most: int) -> Sequence[PayoutId]:
        """Ids of payouts in a state whose turn has come, about as many from each shard, those first whose turn came
        first (eventually consistent)."""


class PayoutBatches(Protocol):
    def add(self, batch: Batch) -> None: ...

    def get(self, id: BatchId) -> Batch | None: ...

    def save(self, batch: Batch) -> None: ...

    def page(self, state: BatchState, *, after: str | None, limit: int) -> tuple[Sequence[BatchId], str | None]:
        """Oldest first (eventually consistent)."""


class PayoutChannels(Protocol):
    def get(self, bank: str) -> Channel:
        """An open one (version 0) where nobody ever paused it."""

    def save(self, channel: Channel) -> None: ...


class SeenNotices(Protocol):
    """Which of a bank's notices came already, by their ids; for a few days."""

    def has(self, notice: str) -> bool: ...

    def add(self, notice: str, *, at: datetime) -> None: ...


class Reconciliations(Protocol):
    """Banks' statements, the days that they are of, and the differences that stand."""

    def day(self, bank: str, day: date) -> Day:
        """A new one (version 0) where no statement ever came."""

    def save_day(self, day: Day) -> None: ...

    def days(self, bank: str, *, limit: int, before: date | None = None) -> Sequence[Day]:
        """Of one channel, newest first."""

    def open_days(self, *, after: str | None, limit: int) -> tuple[Sequence[tuple[str, date]], str | None]:
        """Channel and day of those with differences that stand, oldest first (eventually consistent)."""

    def receive(self, day: Day, statement: Statement) -> None:
        """Add a statement, with the day that counts it. ``AlreadyDone`` when this very upload was received before."""

    def statement(self, bank: str, day: date, number: int) -> Statement | None: ...

    def statements(self, bank: str, day: date, *, limit: int, before: int | None = None) -> Sequence[Statement]:
        """Newest first."""

    def save_statement(self, statement: Statement) -> None: ...

    def put_in_force(self, day: Day, *statements: Statement) -> None:
        """The day as compared, the statement it was compared by, and the one that this replaces, together."""

    def difference(self, bank: str, day: date, key: str) -> Difference | None: ...

    def differences(
        self, bank: str, day: date, *, after: str | None, limit: int
    ) -> tuple[Sequence[Difference], str | None]:
        """By movement, those that were cleared among them."""

    def save_difference(self, day: Day, difference: Difference, postings: Sequence[Posting]) -> None:
        """The difference, the day that counts those that stand, and what goes to suspense or out of it, together."""


class Debts(Protocol):
    """Money that is asked back; what is asked back once is not asked back again, and a receipt counts once."""

    def add(self, debt: Debt) -> None:
        """``Conflict("entitlement_reclaimed")`` when something of it is asked back already."""

    def get(self, id: str) -> Debt | None: ...

    def of_applicant(self, applicant_id: ApplicantId) -> Sequence[Debt]:
        """Oldest first."""

    def page(
        self, state: DebtState, *, after: str | None, limit: int, until: datetime | None = None
    ) -> tuple[Sequence[str], str | None]:
        """Ids of those in a state (``DECLINED`` apart), due first (``until``: due by then; eventually consistent)."""

    def swept_to(self, state: DebtState) -> str | None:
        """After which of a state's the next sweep begins; None: at the first."""

    def keep_swept(self, state: DebtState, after: str | None) -> None: ...

    def save(self, debt: Debt) -> None: ...

    def save_with(self, debt: Debt, posting: Posting, *, after: int | None = None) -> None:
        """Save the debt and make the posting, together or not at all. ``StaleWrite`` unless it is the person's posting
        right ``after`` this one."""

    def decline(self, debt: Debt) -> None:
        """Save, and with it let go of what was to be asked back."""

    def save_repayment(self, debt: Debt, repayment: Repayment, posting: Posting) -> None:
        """Save with the posting. ``AlreadyDone("receipt_counted")`` when the receipt was, of this debt or another."""


class Surveys(Protocol):
    def add(self, filled: FilledSurvey) -> None: ...

    def get(self, applicant_id: ApplicantId, number: int) -> FilledSurvey | None: ...

    def filled(self, applicant_id: ApplicantId) -> Mapping[int, datetime]:
        """When each was filled, by its number; the answers stay sealed."""


class AuditLog(Protocol):
    """Entries are only ever added."""

    def append(self, deed: Deed) -> Entry:
        """On record when it returns; ``Unavailable`` when that is not sure: then nothing may be told or done."""

    def entries(self, chain: int, *, after: int = 0) -> Iterator[Entry]:
        """As they lie there, from the one that follows this number on."""

    def head(self, chain: int) -> Entry | None:
        """The last one."""

    def of_subject(self, subject: str, *, after: str | None, limit: int) -> tuple[Sequence[Entry], str | None]:
        """Newest first, of all chains (eventually consistent)."""


class Outbox(Protocol):
    def get(self, send_key: SendKey) -> OutboxMail | None: ...

    def save(self, mail: OutboxMail) -> None: ...


class MailTraffic(Protocol):
    def count(self, provider: str, slot: datetime, /, **counts: int) -> None:
        """Add to a slot's counts, by the names of :class:`Slot`. Once in a long while one is counted twice."""

    def newest(self, provider: str, *, since: datetime, limit: int = 100) -> Sequence[Slot]:
        """Slots that begin at ``since`` or later, newest first; those in which nothing happened are left out."""

    def plan(self) -> MailPlan | None:
        """None before anybody looked for the first time."""

    def save_plan(self, plan: MailPlan) -> None: ...


class Suppressions(Protocol):
    def get(self, applicant_id: ApplicantId) -> Suppression | None: ...

    def save(self, suppression: Suppression) -> None: ...


class WaitingChecks(Protocol):
    """Checks that wait for a registry, those first whose wave closes first. In hand is what rests until a moment."""

    def add_each(self, checks: Sequence[WaitingCheck]) -> None:
        """No change to those that wait already."""

    def save(self, check: WaitingCheck) -> None: ...

    def remove(self, check: WaitingCheck) -> None: ...

    def first_due(self, registry: Registry, *, now: datetime, limit: int) -> Sequence[WaitingCheck]:
        """Those whose turn is first among what nobody has in hand."""

    def take_in_hand(self, checks: Sequence[WaitingCheck], *, until: datetime) -> Sequence[WaitingCheck]:
        """Those that rest from now on ``until`` then; some may be left out when the table is busy."""

    def landmarks(self, registry: Registry, *, every: int) -> Sequence[Landmark]:
        """How many wait, shard by shard: a landmark after ``every`` of them, later ones further apart
        (``domain/waiting_checks.py: page_sizes``), and one at the end of each shard."""

    def backlog(self, registry: Registry) -> Backlog | None:
        """As it was seen last; up to ten seconds older."""

    def save_backlog(self, backlog: Backlog) -> None: ...


class RegistryBudgets(Protocol):
    def look(self, registry: Registry) -> Budget | None:
        """As it was a second ago at most; None where nobody asked this registry yet."""

    def get(self, registry: Registry) -> Budget | None: ...

    def save(self, budget: Budget) -> None: ...


class RegistryAnswers(Protocol):
    def get(self, question: Index) -> KeptAnswer | None: ...

    def keep(self, answer: KeptAnswer) -> None:
        """In the place of an older one to the same question."""


class Lists(Protocol):
    """Ministries' lists and their versions; who stands on them is with ``ListEntries``."""

    def heads(self) -> Sequence[ListHead]:
        """Of every list of which a file ever came."""

    def head(self, name: ListName) -> ListHead:
        """A new one (version 0) where no file ever came."""

    def receive(self, head: ListHead, version: ListVersion) -> None:
        """Add a version, with the head that counts it. ``AlreadyDone`` when this very upload was received before."""

    def get(self, name: ListName, number: int) -> ListVersion | None: ...

    def save(self, version: ListVersion) -> None: ...

    def newest_first(self, name: ListName, *, limit: int, before: int | None = None) -> Sequence[ListVersion]: ...

    def activate(self, head: ListHead, version: ListVersion, replaced: ListVersion | None) -> None:
        """Put a version in force in place of another, together or not at all."""


class ListEntries(Protocol):
    def add_each(self, entries: Iterable[ListEntry]) -> None:
        """Those that are not there yet; the others stay as they are. Cut off, it may be begun again."""

    def of(self, nik: Index) -> Sequence[ListEntry]:
        """All that lists ever said of one person, in force or not."""


# --- Files ----------------------------------------------------------------------------------------------------


class DrawFiles(Protocol):
    """Files of a wave's draw, by name (``use_cases/selection/names.py``): those we work with, and the published ones,
    which anybody may fetch and nobody can change."""

    def read(self, name: str) -> bytes:
        """``NotFound`` where there is none."""

    def read_part(self, name: str, *, start: int, length: int) -> bytes:
        """Up to so many bytes; none beyond its end."""

    def size(self, name: str) -> int | None:
        """In bytes; None where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Replaces what was written under this name before."""

    def keep(self, name: str, content: bytes) -> bytes:
        """Write, unless something lies there: what stands from now on, whoever was first."""

    def write_parts(self, name: str, parts: Iterable[bytes]) -> None:
        """The same for what is too large to hold."""

    def copy(self, name: str, to: str) -> None: ...

    def names(self, prefix: str) -> Iterator[str]:
        """In ascending order, however many."""

    def settle(self, name: str, content: bytes) -> bytes:
        """Publish a small file, unless there is one: what stands from now on, whoever was first."""

    def publish(self, name: str, parts: Iterable[bytes]) -> str:
        """Where nobody can change it: its SHA-256 in hex. The same bytes again are no change, others
        ``Misconfigured("draw_differs_from_published")``."""

    def published(self, name: str) -> bytes | None:
        """A small published file."""

    def download_url(self, name: str) -> str:
        """Of a published file, for anybody, good for an hour."""


class BatchFiles(Protocol):
    """Lists of payouts that are approved together."""

    def write(self, id: BatchId, content: bytes) -> None: ...

    def read(self, id: BatchId) -> bytes:
        """``StoreUnavailable`` also where there is none: without its list a batch goes nowhere."""


class ListFiles(Protocol):
    """Files that offices send, as they came; and what we make of them, by name, without NIKs."""

    def upload(self, object_key: str) -> ListUpload | None: ...

    def read(self, upload: ListUpload, *, start: int, length: int) -> bytes:
        """Up to so many bytes. ``Conflict`` when another file lies there by now."""

    def write_rows(self, name: str, rows: Iterable[ListRow]) -> None:
        """Replaces what was written under this name before."""

    def rows(self, name: str) -> Iterator[ListRow]: ...

    def write_flaws(self, name: str, flaws: Sequence[Flaw]) -> None: ...

    def flaws(self, name: str) -> Sequence[Flaw]: ...


class StatementFiles(Protocol):
    """Files that banks send, as they came; and what comparisons found, by name."""

    def upload_form(self, object_key: str, uploader: StaffId) -> UploadForm:
        """A form for one upload, good for a quarter of an hour."""

    def upload(self, object_key: str) -> StatementUpload | None: ...

    def pieces(self, upload: StatementUpload) -> Iterator[bytes]:
        """``Conflict`` when another file lies there by now."""

    def keep_run(self, name: str, differences: Sequence[Found], carried: Sequence[str]) -> None: ...

    def differences(self, name: str) -> Sequence[Found]: ...

    def carried(self, name: str) -> Sequence[str]: ...


class Photos(Protocol):
    def upload_form(self, applicant_id: ApplicantId, kind: PhotoKind, upload: str) -> UploadForm:
        """A form for one upload of one kind of photo, good for five minutes."""

    def examine(self, object_key: str) -> PhotoReading:
        """Read an upload, make a clean re-encoded copy if it can be one, and say what it is. Nothing is stored."""

    def keep(self, reading: PhotoReading) -> None:
        """Store the clean copy. Twice is once."""

    def picture(self, clean_key: str) -> bytes:
        """A clean copy again."""


class Documents(Protocol):
    """What people hand in at an officer's request."""

    def upload_form(self, applicant_id: ApplicantId, kind: DocumentKind, type: DocumentType, upload: str) -> UploadForm:
        """A form for one upload of one document, good for five minutes."""

    def examine(self, object_key: str) -> DocumentReading:
        """Whose and what it is, and whether it begins as what it claims to be."""

    def view_url(self, object_key: str) -> str:
        """A link for one officer to one document or photo, good for minutes."""


class AuditRoots(Protocol):
    """Daily roots of the audit log, where nobody can change them."""

    def keep(self, root: Root) -> None:
        """The first of a day stands."""

    def all(self) -> Sequence[Root]:
        """Every version of every day's, oldest first: a forged one contradicts the log."""


# --- Public randomness ----------------------------------------------------------------------------------------


class Beacon(Protocol):
    """drand: random values at fixed times, which nobody can foretell or change."""

    chain: str
    """Which one, in hex."""

    def round_at(self, moment: datetime) -> int:
        """The first round that comes at ``moment`` or later."""

    def comes_at(self, round: int) -> datetime: ...

    def value(self, round: int) -> RandomValue:
        """``BeaconUnavailable`` while it has not come, or nobody answers."""


# --- Ministries -----------------------------------------------------------------------------------------------


class PopulationRegistry(Protocol):
    def match(self, identity: Identity) -> PopulationAnswer:
        """Compare field by field. ``RegistryUnavailable`` when no well-formed answer came, ``Misconfigured`` when
        the registry refuses *us* (credentials, address, institution): neither says anything of the person."""


class FaceRegistry(Protocol):
    def match_face(self, nik: Nik, selfie: bytes) -> FaceAnswer:
        """Compare a selfie (JPEG) with the portrait on record. It fails as ``PopulationRegistry`` does."""


class ListRegistry(Protocol):
    def look_up(self, nik: Nik, birth_date: date) -> tuple[ListMatch, ...]:
        """The lists on which the person actively stands; empty for none. ``RegistryUnavailable`` as above."""


# --- Money ----------------------------------------------------------------------------------------------------


class Bank(Protocol):
    def holder_name(self, account: BankAccount) -> str | None:
        """The account holder's name, or None when there is no such open account. ``BankUnavailable`` otherwise."""

    def transfer(self, order: TransferOrder) -> TransferAnswer:
        """Send money. Never raises for a doubtful outcome: that is ``TransferOutcome.UNKNOWN``."""

    def transfer_each(self, orders: Sequence[TransferOrder]) -> Sequence[TransferAnswer]:
        """The same for several, an answer each, within the time that a function has. What was not begun in that time,
        or after the bank stopped taking orders, is not taken."""

    def transfer_status(self, order: TransferOrder) -> TransferAnswer:
        """What became of the order with this reference. ``BankUnavailable`` when the bank could not be asked."""


class BankNotices(Protocol):
    def read(self, path: str, body: bytes, headers: Mapping[str, str]) -> BankNotice:
        """What a bank tells unasked, header names in lower case. ``NotSignedIn`` when it is not the bank that tells,
        ``InvalidInput`` when it cannot be read."""


# --- Mail -----------------------------------------------------------------------------------------------------


class MailWriter(Protocol):
    def write(self, template: Template, language: Language, blanks: Mapping[str, str | int]) -> tuple[str, str, str]:
        """(subject, text, html)."""


class MailProvider(Protocol):
    name: str

    def send(self, mail: Mail) -> str:
        """The provider's message id. ``MailUnavailable`` to try another way or later, ``Rejected`` for good."""

    def quota(self) -> Quota | None:
        """What it allows us at present; None when it does not say."""


class MailNotices(Protocol):
    def read(self, notice: Mapping[str, Any]) -> Sequence[MailFate]:
        """What became of mail that the provider took; none where nothing is final. ``InvalidInput`` otherwise."""


class SignedMailNotices(Protocol):
    def read(self, body: bytes, headers: Mapping[str, str]) -> Sequence[MailFate]:
        """The same of what comes signed, header names in lower case. ``NotSignedIn`` when it is not theirs."""


class DisposableDomains(Protocol):
    def has(self, domain: str) -> bool:
        """Whether the domain lends addresses for an hour."""
