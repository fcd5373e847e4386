"""Join the open wave."""

from chalicelib.domain import waves as domain
from chalicelib.domain.eligibility import decide_eligibility, missing_steps
from chalicelib.domain.errors import AlreadyDone, Conflict, NotFound
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.time import wib_date
from chalicelib.domain.verification import Applicant, Identity
from chalicelib.domain.waves import Wave, WaveEntry
from chalicelib.ports import Applicants, Clock, Indexer, Memberships, Waves


def join_wave(
    applicant_id: ApplicantId,
    number: WaveNumber,
    *,
    waves: Waves,
    applicants: Applicants,
    memberships: Memberships,
    indexer: Indexer,
    clock: Clock,
) -> WaveEntry:
    """The entry, or a ``Conflict`` that says what is missing, why not, or that it is done already."""
    now, wave = clock.now(), waves.get(number)
    if wave is None:
        raise NotFound("wave_unknown", field="wave")
    applicant = applicants.get(applicant_id)
    identity = _identity_of(applicant, wave)
    if memberships.get(applicant_id):
        raise AlreadyDone("earlier_recipient")
    _check_eligible(applicant, wave, clock)
    entry = WaveEntry(
        wave=number,
        applicant_id=applicant_id,
        pseudonym=indexer.index(f"wave/{int(number)}", applicant_id),
        family=indexer.index("family_card", identity.family_card_no),
        province_code=identity.province_code,
        joined_at=now,
    )
    waves.add_entry(domain.join_wave(wave, entry))
    return entry


def _identity_of(applicant: Applicant, wave: Wave) -> Identity:
    missing = missing_steps(applicant, scheme_named(wave.scheme))
    if missing or applicant.identity is None:
        raise Conflict("steps_missing", steps=missing)
    return applicant.identity


def _check_eligible(applicant: Applicant, wave: Wave, clock: Clock) -> None:
    decision = decide_eligibility(applicant, scheme_named(wave.scheme), on=wib_date(clock.now()))
    if not decision.is_eligible:
        raise Conflict("not_eligible", reasons=decision.reasons)
