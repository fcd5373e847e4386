"""Let a member of staff in: ``python -m infra.staff NAME --role approver`` with the stage's environment set."""

import argparse

from chalicelib import bootstrap
from chalicelib.domain.identifiers import StaffId
from chalicelib.domain.registration import Role
from chalicelib.use_cases.registration.enrol_staff import enrol_staff


def enrol(name: str, role: str, own_email: str | None = None) -> str:
    """The token, told once."""
    return enrol_staff(
        StaffId(name),
        Role(role),
        own_email,
        accounts=bootstrap.accounts(),
        indexer=bootstrap.indexer(),
        chance=bootstrap.chance(),
        clock=bootstrap.clock(),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="stable name of the person, e.g. a staff number")
    parser.add_argument("--role", choices=sorted(set(Role) - {Role.APPLICANT}), default=Role.STAFF.value)
    parser.add_argument("--own-email", help="of the person's own account, if there is one: it is kept from them")
    arguments = parser.parse_args()
    print(enrol(arguments.name, arguments.role, arguments.own_email))


if __name__ == "__main__":
    main()
