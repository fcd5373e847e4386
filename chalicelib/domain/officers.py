"""Who acts for the programme."""

from dataclasses import dataclass

from chalicelib.domain.errors import NotAllowed
from chalicelib.domain.identifiers import ApplicantId, StaffId
from chalicelib.domain.registration import Role


@dataclass(frozen=True, slots=True)
class Officer:
    """``own_account``: the officer's own, as an applicant, where it is known."""

    staff: StaffId
    role: Role
    own_account: ApplicantId | None = None

    def check_not_own(self, applicant: ApplicantId) -> None:
        if self.own_account == applicant:
            raise NotAllowed("own_case")
