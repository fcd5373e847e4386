"""Accounts, mails begun, applicants, photos."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto

from chalicelib.domain.errors import AlreadyDone, Rejected, StaleWrite, StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId, Index, SendKey
from chalicelib.domain.mail import OutboxMail
from chalicelib.domain.nik import Nik
from chalicelib.domain.photos import PhotoReading, UploadForm
from chalicelib.domain.registration import Account, Failures, Session
from chalicelib.domain.verification import Applicant, PhotoKind
from tests.fakes.shelves import FakeStore, Refused, Shelf, commit
from tests.fakes.surroundings import FakeIndexer
from tests.fakes.trouble import Fake, Trouble, outside


class FakeAccounts(FakeStore):
    name = "accounts"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._accounts: Shelf[ApplicantId, Account] = Shelf()
        self._sessions: Shelf[Index, Session | None] = Shelf()
        self._failures: Shelf[str, Failures] = Shelf()

    @outside
    def add(self, account: Account) -> None:
        self._add(self._accounts.put(account.id, replace(account, version=1)))

    @outside
    def add_each(self, accounts: Sequence[Account]) -> frozenset[ApplicantId]:
        added = frozenset(each.id for each in accounts if self._is_added(each))
        # The SDK's own retry meets our own rows, and nobody looks whose they are: ``add`` does.
        return frozenset() if self.trouble.is_reply_lost() else added

    def _is_added(self, account: Account) -> bool:
        try:
            commit([self._accounts.put(account.id, replace(account, version=1))])
        except Refused:
            return False
        return True

    @outside
    def get(self, id: ApplicantId) -> Account | None:
        return self._accounts.get(id)

    @outside
    def save(self, account: Account) -> None:
        moved = replace(account, version=account.version + 1)
        self._save(self._accounts.put(account.id, moved, account.version))

    @outside
    def add_session(self, token: Index, session: Session) -> None:
        self._add(self._sessions.put(token, session))

    @outside
    def session(self, token: Index) -> Session | None:
        return self._sessions.get(token)

    @outside
    def end_session(self, token: Index) -> None:
        """The row stays, as ended: a token is never a session's again."""
        version = self._sessions.version(token)
        if version:
            self._save(self._sessions.put(token, None, version))

    @outside
    def failures(self, key: str) -> Failures:
        return self._failures.get(key) or Failures(key)

    @outside
    def save_failures(self, failures: Failures) -> None:
        moved = replace(failures, version=failures.version + 1)
        self._save(self._failures.put(failures.key, moved, failures.version))

    def all(self) -> list[Account]:
        """For whoever checks: looking is no call outside."""
        return self._accounts.values()


class FakeOutbox(FakeStore):
    name = "outbox"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._mails: Shelf[SendKey, OutboxMail] = Shelf()

    @outside
    def get(self, send_key: SendKey) -> OutboxMail | None:
        return self._mails.get(send_key)

    @outside
    def save(self, mail: OutboxMail) -> None:
        self._save(self._mails.put(mail.send_key, replace(mail, version=mail.version + 1), mail.version))

    def all(self) -> list[OutboxMail]:
        """For whoever checks: looking is no call outside."""
        return self._mails.values()


class FakeApplicants(FakeStore):
    name = "applicants"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._applicants: Shelf[ApplicantId, Applicant] = Shelf()
        self._niks: Shelf[Nik, tuple[ApplicantId, _Hold]] = Shelf()
        self._indexer = FakeIndexer()

    @outside
    def get(self, id: ApplicantId) -> Applicant:
        return self._applicants.get(id) or Applicant(id)

    @outside
    def save(self, applicant: Applicant) -> None:
        moved = replace(applicant, version=applicant.version + 1)
        self._save(self._applicants.put(applicant.id, moved, applicant.version))

    @outside
    def save_claim(self, applicant: Applicant) -> None:
        held = self._niks.get(_nik_of(applicant))
        if held and held[0] != applicant.id and held[1] is _Hold.CLAIMED:
            raise AlreadyDone("nik_claimed")
        self._save_with_nik(applicant, _Hold.CLAIMED)

    @outside
    def save_release(self, applicant: Applicant) -> None:
        self._save_with_nik(applicant, _Hold.RELEASED)

    @outside
    def holders_of(self, niks: Sequence[Index]) -> Mapping[Index, ApplicantId]:
        held = {self._indexer.index("nik", nik): row.value for nik, row in self._niks.rows.items()}
        return {nik: held[nik][0] for nik in niks if nik in held and held[nik][1] is _Hold.CLAIMED}

    def _save_with_nik(self, applicant: Applicant, hold: "_Hold") -> None:
        nik = _nik_of(applicant)
        moved = replace(applicant, version=applicant.version + 1)
        claim = self._niks.put(nik, (applicant.id, hold), self._niks.version(nik))
        try:
            self._write(self._applicants.put(applicant.id, moved, applicant.version), claim)
        except Refused as refused:
            raise StaleWrite("nik_claim_contended", places=sorted(refused.places)) from None


class _Hold(Enum):
    CLAIMED = auto()
    RELEASED = auto()


def _nik_of(applicant: Applicant) -> Nik:
    if applicant.identity is None:
        raise AssertionError("there is no NIK to claim")
    return applicant.identity.nik


class FakePhotos(Fake):
    name = "photos"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._uploads: dict[str, tuple[int, int] | None] = {}

    def receives(self, object_key: str, size: tuple[int, int] | None) -> None:
        """An upload: a picture of this width and height, or None for what is no picture."""
        self._uploads[object_key] = size

    @outside
    def upload_form(self, applicant_id: ApplicantId, kind: PhotoKind, upload: str) -> UploadForm:
        return UploadForm("https://uploads.example", {"key": f"uploads/{applicant_id}/{kind}/{upload}"})

    @outside
    def examine(self, object_key: str) -> PhotoReading:
        applicant_id, kind = _owner(object_key)
        if object_key not in self._uploads:
            raise StoreUnavailable("bucket_unavailable")
        size = self._uploads[object_key]
        if size is None:
            return PhotoReading(applicant_id, kind, None)
        clean_key = object_key.replace("uploads/", "photos/", 1) + ".jpg"
        return PhotoReading(applicant_id, kind, clean_key, *size)


def _owner(object_key: str) -> tuple[ApplicantId, PhotoKind]:
    try:
        _, applicant_id, kind, _ = object_key.split("/")
        return ApplicantId(applicant_id), PhotoKind(kind)
    except ValueError:
        raise Rejected("object_key_unknown") from None
