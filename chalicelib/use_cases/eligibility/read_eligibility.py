"""Answer somebody who asks whether they may take part, and show what was decided about them before."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.eligibility import Decision
from chalicelib.domain.facts import facts_of
from chalicelib.domain.identifiers import ApplicantId, Index, WaveNumber
from chalicelib.domain.receipts import Occasion, SignedReceipt
from chalicelib.domain.schemes import Scheme, scheme_named, scheme_on
from chalicelib.domain.time import wib_date
from chalicelib.domain.verification import Applicant
from chalicelib.ports import Applicants, Memberships, Waves
from chalicelib.use_cases.eligibility.look_up_standing import look_up_standing
from chalicelib.use_cases.eligibility.sign_decision import Case, Notary, sign_decision

_NEWEST_WAVES = 12


@dataclass(frozen=True, slots=True)
class Eligibility:
    """``kept``: newest first."""

    decision: Decision
    receipt: SignedReceipt
    kept: Sequence[SignedReceipt]


def read_eligibility(
    applicant_id: ApplicantId,
    *,
    limit: int,
    before: int | None,
    applicants: Applicants,
    waves: Waves,
    memberships: Memberships,
    notary: Notary,
) -> Eligibility:
    """As it would be decided now, under the open wave's scheme, or today's where no wave is open."""
    applicant, (wave, scheme) = applicants.get(applicant_id), _scheme_now(waves, notary)
    family = _family_of(applicant, notary)
    standing = look_up_standing(applicant_id, family, scheme, memberships=memberships, clock=notary.clock)
    case = Case(applicant_id, facts_of(applicant, standing), scheme, Occasion.QUESTION, wave)
    decision, receipt = sign_decision(case, notary)
    return Eligibility(decision, receipt, notary.receipts.newest_first(applicant_id, limit=limit, before=before))


def _family_of(applicant: Applicant, notary: Notary) -> Index | None:
    identity = applicant.identity
    return notary.indexer.index("family_card", identity.family_card_no) if identity else None


def _scheme_now(waves: Waves, notary: Notary) -> tuple[WaveNumber | None, Scheme]:
    now = notary.clock.now()
    for wave in waves.opened(now=now, limit=_NEWEST_WAVES):
        if wave.is_open(now):
            return wave.number, scheme_named(wave.scheme)
    return None, scheme_on(wib_date(now))
