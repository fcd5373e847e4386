"""Make a chosen applicant a recipient: card, family's place and training grant in one transaction."""

from chalicelib.domain import ledger
from chalicelib.domain.eligibility import Decision, Verdict
from chalicelib.domain.errors import AlreadyDone, Conflict, Misconfigured, NotFound, StaleWrite, Unavailable
from chalicelib.domain.facts import facts_of
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.membership import award, card_number_from
from chalicelib.domain.receipts import Occasion
from chalicelib.domain.schemes import Scheme, scheme_named
from chalicelib.domain.waves import EntryEvent, EntryState, WaveEntry, move_entry
from chalicelib.ports import Applicants, Clock, Indexer, Memberships, Waves
from chalicelib.use_cases.eligibility.keep_decision import keep_decision, newest_receipt
from chalicelib.use_cases.eligibility.look_up_standing import look_up_standing
from chalicelib.use_cases.eligibility.sign_decision import Case, Notary

_CARD_ATTEMPTS = 5


def make_award(
    applicant_id: ApplicantId,
    number: WaveNumber,
    *,
    waves: Waves,
    applicants: Applicants,
    memberships: Memberships,
    notary: Notary,
) -> None:
    """Awarded, or excluded with the reason noted on the entry. Decided anew, by what is known on this day: months may
    have passed since joining. What has yet to be answered is waited for (``Unavailable``), with the place kept."""
    wave, entries = waves.get(number), waves.entries_of(applicant_id, [number])
    if wave is None or not entries:
        raise NotFound("entry_unknown")
    entry, scheme = entries[0], scheme_named(wave.scheme)
    if not (entry.state is EntryState.CHOSEN or _is_misread(entry, notary)):
        return
    standing = look_up_standing(applicant_id, entry.family, scheme, memberships=memberships, clock=notary.clock)
    if standing.recipient_of == number:
        return
    applicant = applicants.get(applicant_id)
    facts = facts_of(applicant, standing)
    decision = keep_decision(Case(applicant_id, facts, scheme, Occasion.AWARD, number), notary)
    _carry_out(decision, entry, scheme, applicant.version, memberships=memberships, notary=notary)


def _carry_out(
    decision: Decision, entry: WaveEntry, scheme: Scheme, version: int, *, memberships: Memberships, notary: Notary
) -> None:
    if entry.state is not EntryState.CHOSEN:
        return
    if decision.verdict is Verdict.NOT_YET_KNOWN:
        raise Unavailable("award_awaits_answers", facts=decision.not_yet_known)
    if decision.reasons:
        return _exclude(move_entry(entry, EntryEvent.EXCLUDE, reason=decision.reasons[0]), memberships)
    _award_unless_contended(entry, scheme, version, memberships=memberships, notary=notary)


def _is_misread(entry: WaveEntry, notary: Notary) -> bool:
    """Whether an excluded person's newest receipt says otherwise: a delivery that had decided before a relative took
    the last place, and put it on paper after another had excluded them."""
    if entry.state is not EntryState.EXCLUDED:
        return False
    receipt = newest_receipt(entry.applicant_id, Occasion.AWARD, entry.wave, notary.receipts)
    return receipt is not None and entry.reason not in [each["code"] for each in receipt.body["reasons"]]


def _exclude(entry: WaveEntry, memberships: Memberships) -> None:
    try:
        memberships.exclude(entry)
    except AlreadyDone:
        return  # another delivery, that decided by what was known before or since, made the award


def _award_unless_contended(
    entry: WaveEntry, scheme: Scheme, version: int, *, memberships: Memberships, notary: Notary
) -> None:
    """``version``: of the applicant on whom was decided. What became known of them since is decided on anew."""
    try:
        _award(entry, scheme, version, memberships=memberships, indexer=notary.indexer, clock=notary.clock)
    except Conflict as conflict:
        membership = memberships.get(entry.applicant_id)
        if membership and membership.wave == entry.wave:
            return  # another delivery of this message was faster
        # Something came between the decision and the award: what it means is for another decision to say.
        raise StaleWrite("award_contended", cause=conflict.code) from None


def _award(
    entry: WaveEntry, scheme: Scheme, version: int, *, memberships: Memberships, indexer: Indexer, clock: Clock
) -> None:
    now = clock.now()
    posting = ledger.grant(entry.applicant_id, wave=int(entry.wave), amount=scheme.training_grant, now=now)
    for attempt in range(_CARD_ATTEMPTS):
        card = card_number_from(indexer.derived("card", f"{entry.applicant_id}/{int(entry.wave)}/{attempt}"))
        membership = award(entry.applicant_id, entry.wave, scheme, family=entry.family, card=card, now=now)
        try:
            most = scheme.most_recipients_per_family
            return memberships.award(membership, posting, most_per_family=most, applicant_version=version, entry=entry)
        except AlreadyDone:
            raise
        except Conflict as conflict:
            if conflict.code != "card_number_taken":
                raise
    # Five derived numbers of 10^14 all taken: not this person's fault, and nobody is excluded for it.
    raise Misconfigured("card_numbers_taken")
