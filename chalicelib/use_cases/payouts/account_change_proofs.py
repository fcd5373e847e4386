"""The code that confirms a change of account, and the link that stops it: derived, bound to person and change."""

import base64

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.ports import Indexer
from chalicelib.use_cases.registration.proofs import code_of

_SEPARATOR = "~"


def change_code_of(applicant_id: ApplicantId, change: int, indexer: Indexer) -> str:
    return code_of("payout_account", f"{applicant_id}/{change}", indexer)


def stop_token_of(applicant_id: ApplicantId, change: int, indexer: Indexer) -> str:
    proof = indexer.derived("link/stop_account_change", f"{applicant_id}/{change}")
    return f"{applicant_id}{_SEPARATOR}{base64.urlsafe_b64encode(proof).rstrip(b'=').decode()}"
