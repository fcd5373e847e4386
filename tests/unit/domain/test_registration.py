"""From an address to a signed-in person."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import IllegalTransition, InvalidInput, NotSignedIn, TooManyAttempts
from chalicelib.domain.mail import Language
from chalicelib.domain.registration import (
    CODE_LIVES,
    FAILURES_COUNT_FOR,
    LINK_LIVES,
    MOST_EARLIER,
    AccountState,
    Challenge,
    Failures,
    Role,
    Session,
    activate,
    challenge_again,
    check_challenge_answer,
    check_failures,
    check_may_sign_in,
    check_password_rules,
    one_more_failure,
    open_account,
)
from tests.builders import an_account, an_applicant_id
from tests.fakes import NOON

SECOND = timedelta(seconds=1)


def test_a_new_account_waits_for_its_mail_to_be_answered() -> None:
    account = open_account(
        an_applicant_id(), "siti@contoh.example", Language.ENGLISH, challenge="c", is_disposable=False, now=NOON
    )
    assert account.state is AccountState.UNVERIFIED
    assert account.challenge == Challenge("c", NOON)
    assert account.password_hash is None


def test_registering_again_voids_the_old_code() -> None:
    later = NOON + timedelta(hours=1)
    again = challenge_again(an_account(), email=an_account().email, challenge="new", now=later)
    assert again == replace(an_account(), challenge=Challenge("new", later, ("challenge-1",)))


def test_a_challenge_knows_itself_and_the_latest_that_it_took_the_place_of() -> None:
    account = an_account(challenge=Challenge("0", NOON))
    for number in range(1, MOST_EARLIER + 3):
        account = challenge_again(account, email=account.email, challenge=str(number), now=NOON)
    known = [number for number in range(MOST_EARLIER + 4) if account.challenge.knows(str(number))]
    assert known == list(range(2, MOST_EARLIER + 3))


@pytest.mark.parametrize(("by_code", "lives"), [(True, CODE_LIVES), (False, LINK_LIVES)])
def test_an_answer_counts_for_as_long_as_it_lives(by_code: bool, lives: timedelta) -> None:
    account = an_account()
    assert check_challenge_answer(account, matches=True, by_code=by_code, since=NOON, now=NOON + lives) is account
    with pytest.raises(InvalidInput):
        check_challenge_answer(account, matches=True, by_code=by_code, since=NOON, now=NOON + lives + SECOND)


def test_a_link_lives_longer_than_a_code() -> None:
    assert (timedelta(minutes=10), timedelta(hours=24)) == (CODE_LIVES, LINK_LIVES)


def test_every_refusal_of_an_answer_reads_the_same() -> None:
    """Nothing tells whether an address is known."""
    active = activate(an_account(), password_hash="hash")
    refusals = []
    for account, matches, now in [
        (None, False, NOON),
        (None, True, NOON),
        (an_account(), False, NOON),
        (an_account(), True, NOON + timedelta(days=2)),
        (active, True, NOON),
    ]:
        with pytest.raises(InvalidInput) as refusal:
            check_challenge_answer(account, matches=matches, by_code=True, since=NOON, now=now)
        refusals.append((refusal.value.code, refusal.value.field, refusal.value.details))
    assert refusals == [("code_wrong_or_expired", "code", {})] * 5


def test_a_refusal_names_what_was_answered_with() -> None:
    fields = []
    for by_code in (True, False):
        with pytest.raises(InvalidInput) as refusal:
            check_challenge_answer(None, matches=False, by_code=by_code, since=NOON, now=NOON)
        fields.append(refusal.value.field)
    assert fields == ["code", "token"]


def test_an_account_is_activated_once_with_its_password() -> None:
    active = activate(an_account(), password_hash="hash")
    assert (active.state, active.password_hash) == (AccountState.ACTIVE, "hash")
    with pytest.raises(IllegalTransition):
        activate(active, password_hash="another")


@pytest.mark.parametrize("length", [8, 128])
def test_a_password_may_be_anything_of_a_lawful_length(length: int) -> None:
    check_password_rules("a" * length)
    check_password_rules("å" * length)


@pytest.mark.parametrize("length", [0, 7, 129])
def test_a_password_too_short_or_too_long_is_refused(length: int) -> None:
    with pytest.raises(InvalidInput, match="password_length"):
        check_password_rules("a" * length)


def test_signing_in_takes_an_active_account_and_its_password() -> None:
    active = activate(an_account(), password_hash="hash")
    assert check_may_sign_in(active, password_matches=True) is active
    for account, matches in [(None, False), (None, True), (active, False), (an_account(), True)]:
        with pytest.raises(NotSignedIn, match="email_or_password_wrong"):
            check_may_sign_in(account, password_matches=matches)


def failed(times: int) -> Failures:
    failures = Failures("sign_in/somebody")
    for _ in range(times):
        failures = one_more_failure(failures, now=NOON)
    return failures


def test_too_many_failures_shut_the_door() -> None:
    check_failures(failed(4), most=5, now=NOON)
    with pytest.raises(TooManyAttempts) as refusal:
        check_failures(failed(5), most=5, now=NOON)
    assert refusal.value.details == {"minutes": 15}


def test_the_door_opens_again_after_a_while() -> None:
    almost = NOON + FAILURES_COUNT_FOR - SECOND
    with pytest.raises(TooManyAttempts):
        check_failures(failed(5), most=5, now=almost)
    check_failures(failed(5), most=5, now=NOON + FAILURES_COUNT_FOR)


def test_failures_are_counted_from_the_first_of_late() -> None:
    later = NOON + timedelta(minutes=14)
    assert one_more_failure(failed(2), now=later) == replace(failed(3), since=NOON)
    much_later = NOON + FAILURES_COUNT_FOR
    assert one_more_failure(failed(2), now=much_later) == replace(failed(1), since=much_later)


def test_who_never_failed_may_try() -> None:
    check_failures(Failures("sign_in/somebody"), most=1, now=NOON)


def test_a_session_is_open_until_its_end() -> None:
    session = Session("somebody", Role.APPLICANT, NOON)
    assert session.is_open(NOON - SECOND)
    assert not session.is_open(NOON)
