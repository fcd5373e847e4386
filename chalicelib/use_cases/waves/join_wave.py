"""Join the open wave."""

from dataclasses import replace

from chalicelib.domain import waves as domain
from chalicelib.domain.eligibility import Decision, Verdict, missing_steps
from chalicelib.domain.errors import AlreadyDone, Conflict, NotFound
from chalicelib.domain.facts import facts_of
from chalicelib.domain.identifiers import ApplicantId, Pseudonym, WaveNumber
from chalicelib.domain.provinces import basis_named
from chalicelib.domain.receipts import Occasion
from chalicelib.domain.schemes import Scheme, scheme_named
from chalicelib.domain.verification import Applicant, Identity, Sex
from chalicelib.domain.waves import PSEUDONYM_BYTES, Wave, WaveEntry
from chalicelib.ports import Applicants, Memberships, Waves
from chalicelib.use_cases.eligibility.keep_decision import keep_decision
from chalicelib.use_cases.eligibility.look_up_standing import look_up_standing
from chalicelib.use_cases.eligibility.sign_decision import Case, Notary


def join_wave(
    applicant_id: ApplicantId,
    number: WaveNumber,
    *,
    waves: Waves,
    applicants: Applicants,
    memberships: Memberships,
    notary: Notary,
) -> WaveEntry:
    """The entry, or a ``Conflict`` that says what is missing, why not, or that it is done already.

    The receipt of the decision is kept first, of a refusal as well: should we be cut off before the entry, whoever
    asks again finds it and goes on."""
    wave = waves.get(number)
    if wave is None:
        raise NotFound("wave_unknown", field="wave")
    applicant = applicants.get(applicant_id)
    scheme = scheme_named(wave.scheme)
    entry = domain.join_wave(wave, _entry_of(applicant, wave, scheme, notary))
    standing = look_up_standing(applicant_id, entry.family, scheme, memberships=memberships, clock=notary.clock)
    case = Case(applicant_id, facts_of(applicant, standing), scheme, Occasion.JOINING, number)
    decision = keep_decision(case, notary)
    _check_may_join(decision)
    family_places_left = scheme.most_recipients_per_family - (standing.family_places_taken or 0)
    joined = replace(entry, group=wave.group_of(decision.priorities), family_places_left=family_places_left)
    waves.add_entry(joined)
    return joined


def _entry_of(applicant: Applicant, wave: Wave, scheme: Scheme, notary: Notary) -> WaveEntry:
    identity, name = _identity_of(applicant, scheme), f"wave/{int(wave.number)}"
    family = notary.indexer.index("family_card", identity.family_card_no)
    return WaveEntry(
        wave=wave.number,
        applicant_id=applicant.id,
        pseudonym=_pseudonym(name, applicant.id, notary),
        family=family,
        family_pseudonym=_pseudonym(f"{name}/family", family, notary),
        province_code=basis_named(wave.basis).code_of(identity.province_code),
        joined_at=notary.clock.now(),
        is_woman=identity.sex is Sex.FEMALE,
        is_disabled=identity.disabled,
    )


def _pseudonym(label: str, value: str, notary: Notary) -> Pseudonym:
    return Pseudonym(notary.indexer.derived(label, value)[:PSEUDONYM_BYTES].hex())


def _identity_of(applicant: Applicant, scheme: Scheme) -> Identity:
    missing = missing_steps(applicant, scheme)
    if missing or applicant.identity is None:
        raise Conflict("steps_missing", steps=missing)
    return applicant.identity


def _check_may_join(decision: Decision) -> None:
    """What is not yet known keeps nobody out: it is decided again before an award."""
    if "earlier_recipient" in decision.reasons:
        raise AlreadyDone("earlier_recipient")
    if decision.verdict is Verdict.NOT_ELIGIBLE:
        raise Conflict("not_eligible", reasons=decision.reasons)
