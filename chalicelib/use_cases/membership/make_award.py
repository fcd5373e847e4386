"""Make a chosen applicant a recipient: card, family's place and training grant in one transaction."""

from chalicelib.domain import ledger
from chalicelib.domain.errors import AlreadyDone, Conflict, Misconfigured, NotFound
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.membership import Membership, award, card_number_from
from chalicelib.domain.schemes import Scheme, scheme_named
from chalicelib.domain.waves import EntryEvent, EntryState, WaveEntry, move_entry
from chalicelib.ports import Clock, Indexer, Memberships, Waves

_CARD_ATTEMPTS = 5


def make_award(
    applicant_id: ApplicantId,
    number: WaveNumber,
    *,
    waves: Waves,
    memberships: Memberships,
    indexer: Indexer,
    clock: Clock,
) -> None:
    """Awarded, or excluded with the reason noted on the entry (family limit, earlier recipient)."""
    wave, entries = waves.get(number), waves.entries_of(applicant_id, [number])
    if wave is None or not entries:
        raise NotFound("entry_unknown")
    entry, scheme = entries[0], scheme_named(wave.scheme)
    if entry.state is not EntryState.CHOSEN or _is_awarded(memberships.get(applicant_id), number):
        return
    try:
        _award(entry, scheme, memberships=memberships, indexer=indexer, clock=clock)
    except Conflict as conflict:
        if _is_awarded(memberships.get(applicant_id), number):
            return  # another delivery of this message was faster
        waves.save_entry(move_entry(entry, EntryEvent.EXCLUDE, reason=conflict.code))


def _award(entry: WaveEntry, scheme: Scheme, *, memberships: Memberships, indexer: Indexer, clock: Clock) -> None:
    now = clock.now()
    posting = ledger.grant(entry.applicant_id, wave=int(entry.wave), amount=scheme.training_grant, now=now)
    for attempt in range(_CARD_ATTEMPTS):
        card = card_number_from(indexer.derived("card", f"{entry.applicant_id}/{int(entry.wave)}/{attempt}"))
        membership = award(entry.applicant_id, entry.wave, scheme, family=entry.family, card=card, now=now)
        try:
            return memberships.award(membership, posting, most_per_family=scheme.most_recipients_per_family)
        except AlreadyDone:
            raise
        except Conflict as conflict:
            if conflict.code != "card_number_taken":
                raise
    # Five derived numbers of 10^14 all taken: not this person's fault, and nobody is excluded for it.
    raise Misconfigured("card_numbers_taken")


def _is_awarded(membership: Membership | None, number: WaveNumber) -> bool:
    return membership is not None and membership.wave == number
