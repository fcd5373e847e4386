"""The only place where adapters meet ports. One cached function per port; each imports what it needs when asked,
because every function of the application gets the same code but wants only a part of it.
"""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib import ports
from chalicelib.adapters.aws_clients import aws_client
from chalicelib.settings import plain_aws_access, region, resource_name, settings

if TYPE_CHECKING:
    from chalicelib.adapters.aws_calls import AwsCall
    from chalicelib.adapters.http import JsonCaller
    from chalicelib.adapters.messaging.sqs import SqsMessages
    from chalicelib.adapters.registries.dukcapil_door import DukcapilDoor
    from chalicelib.adapters.sealing import KmsSealer
    from chalicelib.adapters.secret_values import SecretValues
    from chalicelib.use_cases.selection.kept_outcomes import KeptOutcomes

_clock: list[ports.Clock] = []


def clock() -> ports.Clock:
    if not _clock:
        from chalicelib.adapters.clock import SystemClock

        _clock.append(SystemClock())
    return _clock[0]


def use_clock(other: ports.Clock) -> None:
    """For the laptop and for tests, where time is moved by hand."""
    _clock[:] = [other]


@cache
def chance() -> ports.Chance:
    from chalicelib.adapters.clock import SystemChance

    return SystemChance()


@cache
def indexer() -> ports.Indexer:
    from chalicelib.adapters.indexing import HmacIndexer

    secret = _secrets().get("index-keys")
    keys = {version: base64.b64decode(key) for version, key in secret["keys"].items()}
    return HmacIndexer(keys, secret["current"])


@cache
def receipt_signer() -> ports.ReceiptSigner:
    from chalicelib.adapters.signing import Ed25519Signer

    secret = _secrets().get("receipt-signing")
    keys = {name: base64.b64decode(key) for name, key in secret["keys"].items()}
    return Ed25519Signer(keys, secret["current"])


@cache
def passwords() -> ports.Passwords:
    from chalicelib.adapters.passwords import Argon2Passwords

    return Argon2Passwords()


@cache
def messages() -> "SqsMessages":
    from chalicelib.adapters.messaging.sqs import SqsMessages

    return SqsMessages(_aws_call("sqs"))


@contextmanager
def messages_gathered() -> Iterator[None]:
    """What is sent inside leaves at the end, ten a call, and nothing when the inside fails (decision 9). A batch that
    sends nothing makes no client."""
    from chalicelib.adapters.messaging.sqs import gathering

    with gathering() as gathered:
        yield
    if gathered:
        messages().pass_on(gathered)


@cache
def queue_depths() -> ports.QueueDepths:
    from chalicelib.adapters.messaging.depths import SqsDepths

    return SqsDepths(_aws_call("sqs"))


@cache
def gates() -> ports.Gates:
    from chalicelib.adapters.storage.gates import GateTable

    return GateTable()


@cache
def gate_look() -> ports.GateLook:
    """One attempt, and a short one: people wait behind it."""
    from chalicelib.adapters.gate_look import GateLook

    call = _aws_call("dynamodb", connect_seconds=0.3, read_seconds=0.3, attempts=1)
    return GateLook(call, lambda: clock().now())


@cache
def puzzles() -> ports.Puzzles:
    from chalicelib.adapters.puzzles import AltchaPuzzles

    return AltchaPuzzles(indexer())


@cache
def accounts() -> ports.Accounts:
    from chalicelib.adapters.storage.accounts import AccountTable

    return AccountTable(_sealer())


@cache
def applicants() -> ports.Applicants:
    from chalicelib.adapters.storage.applicants import ApplicantTable

    return ApplicantTable(_sealer(), indexer(), lambda: clock().now())


@cache
def waves() -> ports.Waves:
    from chalicelib.adapters.storage.waves import WaveTable

    return WaveTable(_sealer())


@cache
def wave_look() -> ports.WaveLook:
    from chalicelib.adapters.storage.wave_look import CachedWaveLook
    from chalicelib.adapters.storage.waves import WaveTable

    return CachedWaveLook(WaveTable(_sealer()))


@cache
def draw_files() -> ports.DrawFiles:
    from chalicelib.adapters.files.draws import S3DrawFiles

    work, public = resource_name("files"), resource_name("draws")
    return S3DrawFiles(aws_client("s3"), _presigner(), work=work, public=public)


@cache
def draw_works() -> ports.DrawWorks:
    from chalicelib.adapters.storage.draw_works import DrawWorkTable

    return DrawWorkTable()


@cache
def places() -> ports.Places:
    from chalicelib.adapters.storage.places import PlaceTable

    return PlaceTable()


@cache
def outcomes() -> "KeptOutcomes":
    from chalicelib.use_cases.selection.kept_outcomes import KeptOutcomes

    return KeptOutcomes(draw_files())


@cache
def beacon() -> ports.Beacon:
    from chalicelib.adapters.drand import DrandBeacon

    return DrandBeacon(settings().beacon_url, settings().beacon_chain, _http())


@cache
def memberships() -> ports.Memberships:
    from chalicelib.adapters.storage.memberships import MembershipTable

    return MembershipTable()


@cache
def receipts() -> ports.Receipts:
    from chalicelib.adapters.storage.receipts import ReceiptTable

    return ReceiptTable(_sealer())


@cache
def courses() -> ports.Courses:
    from chalicelib.adapters.storage.training import CourseTable

    return CourseTable(_sealer())


@cache
def purchases() -> ports.Purchases:
    from chalicelib.adapters.storage.purchases import PurchaseTable

    return PurchaseTable()


@cache
def ledger() -> ports.Ledger:
    from chalicelib.adapters.storage.ledger import LedgerTable

    return LedgerTable()


@cache
def corrections() -> ports.Corrections:
    from chalicelib.adapters.storage.ledger_corrections import CorrectionTable

    return CorrectionTable()


@cache
def journal() -> ports.Journal:
    from chalicelib.adapters.files.journal import S3Journal

    return S3Journal(aws_client("s3"), journal=resource_name("journal"), work=resource_name("files"))


@cache
def payout_accounts() -> ports.PayoutAccounts:
    from chalicelib.adapters.storage.payout_accounts import PayoutAccountTable

    return PayoutAccountTable(_sealer(), indexer())


@cache
def payouts() -> ports.Payouts:
    from chalicelib.adapters.storage.payouts import PayoutTable

    return PayoutTable()


@cache
def payout_batches() -> ports.PayoutBatches:
    from chalicelib.adapters.storage.payout_batches import BatchTable

    return BatchTable()


@cache
def payout_channels() -> ports.PayoutChannels:
    from chalicelib.adapters.storage.payout_batches import ChannelTable

    return ChannelTable()


@cache
def seen_notices() -> ports.SeenNotices:
    from chalicelib.adapters.storage.payout_batches import SeenNoticeTable

    return SeenNoticeTable()


@cache
def batch_files() -> ports.BatchFiles:
    from chalicelib.adapters.files.payout_batches import S3BatchFiles

    return S3BatchFiles(aws_client("s3"), resource_name("batches"))


@cache
def audit_log() -> ports.AuditLog:
    from chalicelib.adapters.storage.audit import AuditTable

    return AuditTable()


@cache
def audit_roots() -> ports.AuditRoots:
    from chalicelib.adapters.files.audit_roots import S3AuditRoots

    return S3AuditRoots(aws_client("s3"), resource_name("audit"))


@cache
def documents() -> ports.Documents:
    from chalicelib.adapters.files.documents import S3Documents

    return S3Documents(aws_client("s3"), _presigner(), resource_name("files"))


@cache
def outbox() -> ports.Outbox:
    from chalicelib.adapters.storage.outbox import OutboxTable

    return OutboxTable()


@cache
def buckets() -> ports.Buckets:
    from chalicelib.adapters.storage.buckets import BucketTable

    return BucketTable(_aws_call("dynamodb"))


@cache
def mail_traffic() -> ports.MailTraffic:
    from chalicelib.adapters.storage.mail_traffic import MailTrafficTable

    return MailTrafficTable()


@cache
def suppressions() -> ports.Suppressions:
    from chalicelib.adapters.storage.mail_traffic import SuppressionTable

    return SuppressionTable()


@cache
def waiting_checks() -> ports.WaitingChecks:
    from chalicelib.adapters.storage.registries import Documents
    from chalicelib.adapters.storage.waiting_checks import WaitingCheckTable
    from chalicelib.domain.waiting_checks import Backlog

    return WaitingCheckTable(_aws_call("dynamodb"), Documents(Backlog))


@cache
def registry_budgets() -> ports.RegistryBudgets:
    from chalicelib.adapters.storage.registries import RegistryBudgetTable

    return RegistryBudgetTable()


@cache
def registry_answers() -> ports.RegistryAnswers:
    from chalicelib.adapters.storage.registries import RegistryAnswerTable

    return RegistryAnswerTable()


@cache
def photos() -> ports.Photos:
    from chalicelib.adapters.files.photos import S3Photos

    return S3Photos(aws_client("s3"), _presigner(), resource_name("files"))


@cache
def lists() -> ports.Lists:
    from chalicelib.adapters.storage.lists import ListTable

    return ListTable()


@cache
def list_entries() -> ports.ListEntries:
    from chalicelib.adapters.storage.list_entries import ListEntryTable

    return ListEntryTable(_sealer())


@cache
def list_files() -> ports.ListFiles:
    from chalicelib.adapters.files.lists import S3ListFiles

    return S3ListFiles(aws_client("s3"), resource_name("files"), _sealer())


@cache
def loaded_lists() -> ports.ListRegistry:
    from chalicelib.adapters.registries.loaded import LoadedLists

    return LoadedLists(lists(), list_entries(), indexer(), now=clock().now)


@cache
def population_registry() -> ports.PopulationRegistry:
    from chalicelib.adapters.registries.dukcapil import DukcapilRegistry

    return DukcapilRegistry(_dukcapil_door(), clock().now)


@cache
def face_registry() -> ports.FaceRegistry:
    from chalicelib.adapters.registries.dukcapil_face import DukcapilFaces

    return DukcapilFaces(_dukcapil_door(), clock().now)


@cache
def _dukcapil_door() -> "DukcapilDoor":
    from chalicelib.adapters.registries.dukcapil_door import DukcapilDoor

    secret = _secrets().get("population-registry")
    return DukcapilDoor(settings().population_registry_url, **secret, http=_http())


@cache
def education_registry() -> ports.ListRegistry:
    return _list_registry(settings().education_registry_url, "education_api_key")


@cache
def social_registry() -> ports.ListRegistry:
    return _list_registry(settings().social_registry_url, "social_api_key")


@cache
def bank() -> ports.Bank:
    from chalicelib.adapters.payments.snap import SnapBank

    return SnapBank(settings().bank_url, **_secrets().get("bank"), http=_http(), now=clock().now)


@cache
def bank_notices() -> ports.BankNotices:
    from chalicelib.adapters.payments.snap_notices import RsaVerifier, SnapNotices

    secret = _secrets().get("bank-notices")
    return SnapNotices(secret["partner_id"], RsaVerifier(secret["public_key_pem"]), clock().now)


@cache
def mail_writer() -> ports.MailWriter:
    from chalicelib.adapters.mail.writing import JinjaMailWriter

    return JinjaMailWriter()


@cache
def mail_providers() -> Sequence[ports.MailProvider]:
    """In the order in which they are asked."""
    from chalicelib.adapters.mail.sendgrid import SendGridMail
    from chalicelib.adapters.mail.ses import SesMail
    from chalicelib.domain.mail_routes import Quota

    known = settings()
    ses_quota = Quota(*known.ses_quota) if known.ses_quota else None
    ses = SesMail(aws_client("sesv2"), known.mail_sender, resource_name("mails"), ses_quota)
    api_key = _secrets().get("sendgrid")["api_key"]
    sendgrid = SendGridMail(known.sendgrid_url, api_key, known.mail_sender, Quota(*known.sendgrid_quota), _http())
    return (ses, sendgrid)


@cache
def ses_notices() -> ports.MailNotices:
    from chalicelib.adapters.mail.ses_notices import SesNotices

    return SesNotices()


@cache
def sendgrid_notices() -> ports.SignedMailNotices:
    from chalicelib.adapters.mail.sendgrid_notices import SendGridNotices

    return SendGridNotices(_secrets().get("sendgrid-webhook")["public_key"], clock().now)


@cache
def disposable_domains() -> ports.DisposableDomains:
    from chalicelib.adapters.mail.disposable import ListedDomains

    return ListedDomains()


def _list_registry(url: str, key_name: str) -> ports.ListRegistry:
    from chalicelib.adapters.registries.lookup import LookupRegistry

    return LookupRegistry(url, _secrets().get("list-registries")[key_name], _http())


@cache
def _sealer() -> "KmsSealer":
    from chalicelib.adapters.sealing import KmsSealer

    call = _aws_call("kms", blobs=frozenset({"Plaintext", "CiphertextBlob"}))
    return KmsSealer(call, f"alias/{resource_name('personal-values')}")


@cache
def _secrets() -> "SecretValues":
    from chalicelib.adapters.secret_values import SecretValues

    return SecretValues(_aws_call("secretsmanager"))


def _aws_call(service: str, *, blobs: frozenset[str] = frozenset(), **limits: Any) -> "AwsCall":
    """By the lean caller where it can be (decision 7), else by botocore."""
    from chalicelib.adapters.aws_calls import boto_call, lean_call

    access = plain_aws_access("secrets_manager" if service == "secretsmanager" else service)
    if access is None:
        return boto_call(aws_client(service))
    from chalicelib.adapters.lean_aws import Credentials, LeanAws

    credentials = Credentials(access.access_key_id, access.secret_access_key, access.session_token)
    return lean_call(LeanAws(service, region(), credentials, endpoint_url=access.endpoint_url, **limits), blobs=blobs)


@cache
def _http() -> "JsonCaller":
    from chalicelib.adapters.http import JsonCaller

    return JsonCaller()


@cache
def _presigner() -> Any:
    """An S3 client that knows the address at which browsers reach the bucket."""
    url = settings().upload_endpoint_url
    return aws_client("s3", endpoint_url=url, path_style=True) if url else aws_client("s3")
