"""Accounts, mails begun, applicants."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto

from chalicelib.domain.errors import AlreadyDone, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, Index, Reference, SendKey
from chalicelib.domain.lookalikes import Seen, look_keys
from chalicelib.domain.mail import OutboxMail
from chalicelib.domain.nik import Nik
from chalicelib.domain.references import LABEL, reference_from
from chalicelib.domain.registration import Account, Failures, Session
from chalicelib.domain.selfie_review import selfie_reasons
from chalicelib.domain.support import Waiting, WaitingCase, stamped, waiting_for
from chalicelib.domain.verification import Applicant, Photo, PhotoKind
from tests.fakes.shelves import FakeStore, Look, Put, Refused, Shelf, commit
from tests.fakes.surroundings import FakeClock, FakeIndexer
from tests.fakes.trouble import Trouble, outside

_MOST_OF_A_KEY = 20


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

    def __init__(self, trouble: Trouble | None = None, clock: FakeClock | None = None) -> None:
        super().__init__(trouble)
        self._clock, self._indexer = clock or FakeClock(), FakeIndexer()
        self._applicants: Shelf[ApplicantId, Applicant] = Shelf()
        self._niks: Shelf[Nik, tuple[ApplicantId, _Hold]] = Shelf()
        self._looks: Shelf[tuple[str, ApplicantId, str | None], str | None] = Shelf()

    @outside
    def get(self, id: ApplicantId) -> Applicant:
        return self._applicants.get(id) or Applicant(id)

    @outside
    def get_each(self, ids: Sequence[ApplicantId]) -> Mapping[ApplicantId, Applicant]:
        return {id: found for id in ids if (found := self._applicants.get(id))}

    @outside
    def save(self, applicant: Applicant) -> None:
        self._save(self._put(applicant))

    def as_of(self, id: ApplicantId, version: int) -> Look:
        """For the transaction of another fake."""
        return self._applicants.look(id, version)

    def _put(self, applicant: Applicant) -> Put:
        moved = replace(stamped(applicant, now=self._clock.now()), version=applicant.version + 1)
        return self._applicants.put(applicant.id, moved, applicant.version)

    @outside
    def save_claim(self, applicant: Applicant) -> None:
        held = self._niks.get(_nik_of(applicant))
        if held and held[0] != applicant.id and held[1] is _Hold.CLAIMED:
            raise AlreadyDone("nik_claimed")
        self._save_with_nik(applicant, _Hold.CLAIMED)

    @outside
    def save_release(self, applicant: Applicant, *, nik: Nik | None = None) -> None:
        released = nik or _nik_of(applicant)
        held = self._niks.get(released)
        if held and held[0] != applicant.id:
            self._save(self._put(applicant))
        else:
            self._save_with_nik(applicant, _Hold.RELEASED, released)

    @outside
    def holders_of(self, niks: Sequence[Index]) -> Mapping[Index, ApplicantId]:
        held = {self._indexer.index("nik", nik): row.value for nik, row in self._niks.rows.items()}
        return {nik: held[nik][0] for nik in niks if nik in held and held[nik][1] is _Hold.CLAIMED}

    @outside
    def by_reference(self, reference: Reference) -> Applicant | None:
        found = [each for each in self._applicants.values() if self._reference(each) == reference]
        return found[0] if len(found) == 1 else None

    @outside
    def waiting(self, waiting: Waiting, *, after: str | None, limit: int) -> tuple[Sequence[WaitingCase], str | None]:
        found = [each for each in self._applicants.values() if waiting_for(each) is waiting]
        cases = {self._place(each): self._case(each, waiting) for each in found}
        later = sorted(place for place in cases if place > (after or ""))
        following = later[limit - 1] if len(later) > limit else None
        return [cases[place] for place in later[:limit]], following

    def _reference(self, applicant: Applicant) -> Reference:
        return reference_from(self._indexer.derived(LABEL, applicant.id))

    def _place(self, applicant: Applicant) -> str:
        return f"{applicant.waiting_since}#{self._reference(applicant)}"

    def _case(self, applicant: Applicant, waiting: Waiting) -> WaitingCase:
        reference, why = self._reference(applicant), selfie_reasons(applicant)
        assert applicant.waiting_since
        return WaitingCase(reference, waiting, applicant.reasons, why, applicant.waiting_since)

    @outside
    def save_selfie(self, applicant: Applicant) -> None:
        selfie = applicant.photo(PhotoKind.SELFIE)
        looks = [self._looks.put((key, applicant.id, selfie.object_key), selfie.fingerprint) for key in _keys(selfie)]
        row = self._put(applicant)
        try:
            self._write(row, *looks)
        except Refused as refused:
            if 0 in refused.places:
                raise StaleWrite from None
            self._save(row)

    @outside
    def selfies_like(self, fingerprint: str) -> Sequence[Seen]:
        return [seen for key in look_keys(fingerprint) for seen in self._looks_under(key)[:_MOST_OF_A_KEY]]

    def _looks_under(self, wanted: str) -> list[Seen]:
        return sorted((id, str(row.value)) for (key, id, _), row in self._looks.rows.items() if key == wanted)

    def _save_with_nik(self, applicant: Applicant, hold: "_Hold", nik: Nik | None = None) -> None:
        nik = nik or _nik_of(applicant)
        claim = self._niks.put(nik, (applicant.id, hold), self._niks.version(nik))
        try:
            self._write(self._put(applicant), claim)
        except Refused as refused:
            raise StaleWrite("nik_claim_contended", places=sorted(refused.places)) from None


class _Hold(Enum):
    CLAIMED = auto()
    RELEASED = auto()


def _nik_of(applicant: Applicant) -> Nik:
    if applicant.identity is None:
        raise AssertionError("there is no NIK to claim")
    return applicant.identity.nik


def _keys(selfie: Photo) -> tuple[str, ...]:
    return look_keys(selfie.fingerprint) if selfie.fingerprint else ()
