"""Sign in, be known, sign out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import InvalidInput, NotSignedIn, StaleWrite, StoreUnavailable, TooManyAttempts
from chalicelib.domain.identifiers import Index, StaffId
from chalicelib.domain.registration import MOST_SIGN_IN_FAILURES, SESSION_LIVES, AccountState, Failures, Role, Session
from chalicelib.use_cases.registration.account_of import account_id_of
from chalicelib.use_cases.registration.enrol_staff import STAFF_SESSION_LIVES, enrol_staff
from chalicelib.use_cases.registration.find_session import find_session
from chalicelib.use_cases.registration.sign_in import sign_in
from chalicelib.use_cases.registration.sign_out import sign_out
from tests.builders import an_account
from tests.fakes import FakeAccounts, World

EMAIL = "siti@contoh.example"
PASSWORD = "kopi tubruk dua"


@pytest.fixture(autouse=True)
def account(world: World) -> None:
    id, password_hash = account_id_of(EMAIL, world.indexer), world.passwords.hashed(PASSWORD)
    world.accounts.add(an_account(id=id, email=EMAIL, state=AccountState.ACTIVE, password_hash=password_hash))


def signed_in(world: World, email: str = EMAIL, password: str = PASSWORD) -> tuple[str, Session]:
    return sign_in(
        email,
        password,
        accounts=world.accounts,
        indexer=world.indexer,
        passwords=world.passwords,
        chance=world.chance,
        clock=world.clock,
    )


def found(world: World, token: str) -> Session:
    return find_session(token, accounts=world.accounts, indexer=world.indexer, clock=world.clock)


def test_whoever_knows_the_password_gets_a_session(world: World) -> None:
    token, session = signed_in(world)
    assert session == Session(account_id_of(EMAIL, world.indexer), Role.APPLICANT, world.clock.now() + SESSION_LIVES)
    assert found(world, token) == session


def test_every_signing_in_is_a_session_of_its_own(world: World) -> None:
    first, second = signed_in(world)[0], signed_in(world)[0]
    sign_out(first, accounts=world.accounts, indexer=world.indexer)
    with pytest.raises(NotSignedIn):
        found(world, first)
    assert found(world, second)


def test_a_token_is_stored_as_an_index_only(world: World) -> None:
    token, session = signed_in(world)
    assert world.accounts.session(Index(token)) is None
    assert world.accounts.session(world.indexer.index("session", token)) == session


def test_a_session_ends_by_the_clock(world: World) -> None:
    token, _ = signed_in(world)
    world.clock.moves_to(world.clock.now() + SESSION_LIVES - timedelta(seconds=1))
    assert found(world, token)
    world.clock.passes(seconds=1)
    with pytest.raises(NotSignedIn):
        found(world, token)


def test_nobody_is_known_by_a_token_that_was_never_given(world: World) -> None:
    with pytest.raises(NotSignedIn):
        found(world, "a guess")


def test_signing_out_twice_is_signing_out_once(world: World) -> None:
    token, _ = signed_in(world)
    for _ in range(2):
        sign_out(token, accounts=world.accounts, indexer=world.indexer)
    with pytest.raises(NotSignedIn):
        found(world, token)


def refusal(world: World, email: str, password: str) -> tuple[str, dict[str, object], list[str], int]:
    """Words and work of a refusal."""
    calls, checks = len(world.trouble.calls), world.passwords.checks
    with pytest.raises(NotSignedIn) as refused:
        signed_in(world, email, password)
    return str(refused.value), refused.value.details, world.trouble.calls[calls:], world.passwords.checks - checks


def test_a_wrong_password_and_an_unknown_address_read_and_work_the_same(world: World) -> None:
    known = refusal(world, EMAIL, "wrong")
    assert known == refusal(world, "nobody@contoh.example", "wrong")
    assert known[0] == "email_or_password_wrong"
    assert known[3] == 1


def test_an_account_whose_address_is_not_proven_does_not_open(world: World) -> None:
    id = account_id_of("budi@contoh.example", world.indexer)
    world.accounts.add(an_account(2, id=id, password_hash=world.passwords.hashed(PASSWORD)))
    assert refusal(world, "budi@contoh.example", PASSWORD)[0] == "email_or_password_wrong"


def test_what_is_no_address_is_told_so(world: World) -> None:
    with pytest.raises(InvalidInput, match="email_invalid"):
        signed_in(world, "siti")


def test_too_many_wrong_passwords_shut_out_the_right_one_for_a_while(world: World) -> None:
    for _ in range(MOST_SIGN_IN_FAILURES):
        refusal(world, EMAIL, "wrong")
    with pytest.raises(TooManyAttempts):
        signed_in(world)
    world.clock.passes(minutes=15)
    assert signed_in(world)


def test_a_spelling_of_the_address_does_not_give_more_attempts(world: World) -> None:
    for number in range(MOST_SIGN_IN_FAILURES):
        refusal(world, f"siti+{number}@contoh.example", "wrong")
    with pytest.raises(TooManyAttempts):
        signed_in(world)


def test_where_failures_cannot_be_counted_no_password_is_checked(world: World) -> None:
    world.accounts.fails_before("failures")
    with pytest.raises(StoreUnavailable):
        signed_in(world)
    assert world.passwords.checks == 0


class Meanwhile(FakeAccounts):
    """Between one request's look at the failures and its check, others come to their end."""

    since = an_account().opened_at

    def failures(self, key: str) -> Failures:
        seen = super().failures(key)
        if seen.times == 0:
            self.save_failures(Failures(key, MOST_SIGN_IN_FAILURES, self.since))
        return seen


def test_guesses_made_at_once_count_like_guesses_made_in_turn(world: World) -> None:
    at_once = Meanwhile()
    known = world.accounts.get(account_id_of(EMAIL, world.indexer))
    assert known
    at_once.add(replace(known, version=0))
    world.accounts = at_once
    with pytest.raises(StaleWrite):
        signed_in(world)
    with pytest.raises(TooManyAttempts):
        signed_in(world)
    assert world.passwords.checks == 0


@pytest.mark.parametrize("role", [Role.STAFF, Role.APPROVER, Role.CASEWORKER])
def test_staff_are_let_in_by_a_token_that_is_told_once(world: World, role: Role) -> None:
    token = enrol_staff(
        StaffId("ani"), role, accounts=world.accounts, indexer=world.indexer, chance=world.chance, clock=world.clock
    )
    assert found(world, token) == Session("ani", role, world.clock.now() + STAFF_SESSION_LIVES)
    world.clock.moves_to(world.clock.now() + STAFF_SESSION_LIVES)
    with pytest.raises(NotSignedIn):
        found(world, token)


def test_an_officers_own_account_is_known_where_it_was_told(world: World) -> None:
    """So that nobody decides about themselves: however the address is spelt."""
    token = enrol_staff(
        StaffId("ani"),
        Role.CASEWORKER,
        EMAIL.upper(),
        accounts=world.accounts,
        indexer=world.indexer,
        chance=world.chance,
        clock=world.clock,
    )
    assert found(world, token).own_account == account_id_of(EMAIL, world.indexer)
