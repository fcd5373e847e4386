"""Prove an address by the mail's link or code, and choose a password with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import InvalidInput, StaleWrite, StoreUnavailable, TooManyAttempts
from chalicelib.domain.registration import MOST_CODE_FAILURES, Account, AccountState, Failures
from chalicelib.use_cases.registration.account_of import account_id_of
from chalicelib.use_cases.registration.proofs import email_code_of, link_token_of
from chalicelib.use_cases.registration.verify_email import Answer, verify_email
from tests.builders import an_account
from tests.fakes import FakeAccounts, FakePasswords, World

EMAIL = "siti@contoh.example"
PASSWORD = "kopi tubruk dua"


@pytest.fixture
def account(world: World) -> Account:
    opened = an_account(id=account_id_of(EMAIL, world.indexer), email=EMAIL)
    world.accounts.add(opened)
    return replace(opened, version=1)


def verify(world: World, answer: Answer, password: str = PASSWORD) -> None:
    verify_email(
        answer,
        password,
        accounts=world.accounts,
        indexer=world.indexer,
        passwords=world.passwords,
        outbox=world.outbox,
        chance=world.chance,
        clock=world.clock,
    )


def by_code(world: World, account: Account) -> Answer:
    return Answer(email=account.email, code=email_code_of(account.id, account.challenge.id, world.indexer))


def by_link(world: World, account: Account) -> Answer:
    return Answer(token=link_token_of(account.id, account.challenge.id, world.indexer))


def wrong_code(world: World, account: Account) -> Answer:
    right = by_code(world, account).code
    return Answer(email=account.email, code="000000" if right != "000000" else "111111")


def state(world: World, account: Account) -> AccountState:
    found = world.accounts.get(account.id)
    assert found
    return found.state


@pytest.mark.parametrize("answer_of", [by_code, by_link])
def test_the_code_and_the_link_both_activate_the_account_with_its_password(
    world: World, account: Account, answer_of: Callable[[World, Account], Answer]
) -> None:
    verify(world, answer_of(world, account))
    active = world.accounts.get(account.id)
    assert active
    assert active.state is AccountState.ACTIVE
    assert world.passwords.matches(PASSWORD, active.password_hash)
    assert PASSWORD not in repr(active)


def test_any_spelling_of_the_address_goes_with_the_code(world: World, account: Account) -> None:
    verify(world, replace(by_code(world, account), email="SITI+x@contoh.example"))
    assert state(world, account) is AccountState.ACTIVE


def test_a_code_works_once(world: World, account: Account) -> None:
    answer = by_code(world, account)
    verify(world, answer)
    with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
        verify(world, answer, "another password")
    active = world.accounts.get(account.id)
    assert active
    assert world.passwords.matches(PASSWORD, active.password_hash)


def test_a_code_is_dead_after_ten_minutes_when_the_link_still_lives(world: World, account: Account) -> None:
    world.clock.passes(minutes=11)
    with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
        verify(world, by_code(world, account))
    verify(world, by_link(world, account))
    assert state(world, account) is AccountState.ACTIVE


@pytest.mark.parametrize("token", ["", "nonsense", "~", "somebody~AAAA"])
def test_a_link_that_we_did_not_write_is_refused(world: World, account: Account, token: str) -> None:
    with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
        verify(world, Answer(token=token))
    assert state(world, account) is AccountState.UNVERIFIED


def test_a_link_of_one_account_does_not_open_another(world: World, account: Account) -> None:
    other = an_account(2, id=account_id_of("budi@contoh.example", world.indexer))
    world.accounts.add(other)
    forged = by_link(world, other).token or ""
    with pytest.raises(InvalidInput):
        verify(world, Answer(token=forged.replace(other.id, account.id)))
    assert state(world, account) is AccountState.UNVERIFIED


def test_an_answer_says_what_it_answers(world: World) -> None:
    for answer in (Answer(), Answer(email=EMAIL), Answer(code="123456")):
        with pytest.raises(InvalidInput, match="token_or_code_missing"):
            verify(world, answer)


def test_a_password_too_short_costs_no_attempt(world: World, account: Account) -> None:
    with pytest.raises(InvalidInput, match="password_length"):
        verify(world, by_code(world, account), "short")
    assert world.accounts.failures(f"verify_email/{account.id}").times == 0


def test_too_many_wrong_codes_shut_out_the_right_one_for_a_while(world: World, account: Account) -> None:
    for _ in range(MOST_CODE_FAILURES):
        with pytest.raises(InvalidInput):
            verify(world, wrong_code(world, account))
    with pytest.raises(TooManyAttempts):
        verify(world, by_code(world, account))
    world.clock.passes(minutes=15)
    with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
        verify(world, by_code(world, account))  # which lived for ten minutes; but it was looked at
    verify(world, by_link(world, account))
    assert state(world, account) is AccountState.ACTIVE


def test_whoever_guesses_codes_does_not_shut_out_the_link(world: World, account: Account) -> None:
    for _ in range(MOST_CODE_FAILURES):
        with pytest.raises(InvalidInput):
            verify(world, wrong_code(world, account))
    verify(world, by_link(world, account))
    assert state(world, account) is AccountState.ACTIVE


def test_a_made_up_link_leaves_nothing_behind(world: World, account: Account) -> None:
    """Its proof is not guessed, so that nothing need be counted: else a stranger would write a row with each."""
    before = len(world.trouble.calls)
    for token in (f"{account.id}~AAAA", "somebody~AAAA") * MOST_CODE_FAILURES:
        with pytest.raises(InvalidInput, match="code_wrong_or_expired"):
            verify(world, Answer(token=token))
    assert set(world.trouble.calls[before:]) == {"accounts.get", "outbox.get"}


class CountingPasswords(FakePasswords):
    hashes = 0

    def hashed(self, password: str) -> str:
        self.hashes += 1
        return super().hashed(password)


def test_a_wrong_link_is_refused_in_the_same_words_and_work_whosever_it_claims_to_be(
    world: World, account: Account
) -> None:
    told = []
    for token in (f"{account.id}~AAAA", "somebody~AAAA"):
        before, passwords = len(world.trouble.calls), CountingPasswords()
        world.passwords = passwords
        with pytest.raises(InvalidInput) as refusal:
            verify(world, Answer(token=token))
        told.append((str(refusal.value), refusal.value.details, world.trouble.calls[before:], passwords.hashes))
    assert told == [("code_wrong_or_expired (token)", {}, ["accounts.get", "outbox.get"], 1)] * 2


def test_an_address_that_nobody_registered_is_refused_in_the_same_words_and_work(
    world: World, account: Account
) -> None:
    told = []
    for answer in (wrong_code(world, account), Answer(email="nobody@contoh.example", code="123456")):
        before = len(world.trouble.calls)
        with pytest.raises(InvalidInput) as refusal:
            verify(world, answer)
        told.append((str(refusal.value), refusal.value.details, world.trouble.calls[before:]))
    assert told[0] == told[1]


def test_wrong_codes_are_counted_for_unknown_addresses_as_well(world: World) -> None:
    for _ in range(MOST_CODE_FAILURES):
        with pytest.raises(InvalidInput):
            verify(world, Answer(email="nobody@contoh.example", code="123456"))
    with pytest.raises(TooManyAttempts):
        verify(world, Answer(email="nobody@contoh.example", code="123456"))


def test_where_failures_cannot_be_counted_no_code_is_checked(world: World, account: Account) -> None:
    """Codes fail closed."""
    world.accounts.fails_before("failures")
    with pytest.raises(StoreUnavailable):
        verify(world, by_code(world, account))
    world.accounts.fails_before("save_failures")
    with pytest.raises(StoreUnavailable):
        verify(world, wrong_code(world, account))
    assert state(world, account) is AccountState.UNVERIFIED


class Meanwhile(FakeAccounts):
    """Between one request's look at the failures and its check, others come to their end."""

    since = an_account().opened_at

    def failures(self, key: str) -> Failures:
        seen = super().failures(key)
        if seen.times == 0:
            self.save_failures(Failures(key, MOST_CODE_FAILURES, self.since))
        return seen


def test_guesses_made_at_once_count_like_guesses_made_in_turn(world: World, account: Account) -> None:
    at_once = Meanwhile()
    at_once.add(replace(account, version=0))
    world.accounts = at_once
    with pytest.raises(StaleWrite):
        verify(world, by_code(world, account))
    with pytest.raises(TooManyAttempts):
        verify(world, by_code(world, account))
    assert state(world, account) is AccountState.UNVERIFIED


def test_an_answer_that_came_too_late_is_late_by_the_clock_of_the_challenge(world: World, account: Account) -> None:
    world.clock.moves_to(account.challenge.issued_at + timedelta(hours=25))
    with pytest.raises(InvalidInput):
        verify(world, by_link(world, account))
