"""What sales and time do to a membership."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.errors import Conflict, IllegalTransition, Misconfigured, StaleWrite
from chalicelib.domain.grant_dues import count_sale, due_now, end, revoke, uncount_sale, warn
from chalicelib.domain.identifiers import Index, WaveNumber
from chalicelib.domain.membership import Due, Membership, MembershipState, award, watch_video
from chalicelib.domain.money import NOTHING, Rupiah
from chalicelib.domain.schemes import scheme_named
from tests.builders import a_card_number, an_applicant_id
from tests.fakes import NOON

GRANT = Rupiah(3_500_000)
DEADLINE = NOON + timedelta(days=15)
INSTANT = timedelta(microseconds=1)


def awarded() -> Membership:
    scheme, family = scheme_named("2023"), Index("0.family")
    return award(an_applicant_id(), WaveNumber(1), scheme, family=family, card=a_card_number(), now=NOON)


def inducted() -> Membership:
    membership = awarded()
    for video in (1, 2, 3):
        membership = watch_video(membership, video)
    return membership


def buyer() -> Membership:
    return count_sale(inducted(), now=NOON)


YEAR_END = awarded().balance_ends_at


def test_whoever_never_buys_is_warned_once_and_then_revoked() -> None:
    membership = awarded()
    assert due_now(membership, DEADLINE - timedelta(days=3)) is None
    assert due_now(membership, DEADLINE - timedelta(days=3) + INSTANT) is Due.WARN_FIRST_PURCHASE
    warned = warn(membership, Due.WARN_FIRST_PURCHASE, balance=GRANT)
    assert due_now(warned, DEADLINE) is None, "the deadline is the last moment to buy"
    assert due_now(warned, DEADLINE + INSTANT) is Due.REVOKE
    revoked = revoke(warned, balance=GRANT, now=DEADLINE + INSTANT)
    assert (revoked.state, revoked.returned, revoked.returns) == (MembershipState.REVOKED, GRANT, 1)
    assert due_now(revoked, YEAR_END + timedelta(days=1)) is None, "nothing follows"


def test_whoever_buys_is_warned_of_the_years_end_and_then_it_comes() -> None:
    membership = buyer()
    assert due_now(membership, DEADLINE + INSTANT) is None
    assert due_now(membership, YEAR_END - timedelta(days=14) + INSTANT) is Due.WARN_BALANCE_END
    warned = warn(membership, Due.WARN_BALANCE_END, balance=GRANT)
    assert warned.warned_of == GRANT
    assert due_now(warned, YEAR_END) is None
    assert due_now(warned, YEAR_END + INSTANT) is Due.END_BALANCE
    ended = end(warned, balance=GRANT, now=YEAR_END + INSTANT)
    assert (ended.state, ended.returned, ended.closed_at) == (MembershipState.ENDED, GRANT, YEAR_END + INSTANT)


@pytest.mark.parametrize("moment", [DEADLINE + INSTANT, YEAR_END])
def test_a_warning_that_comes_too_late_gives_way_to_what_it_warned_of(moment: datetime) -> None:
    assert due_now(awarded(), moment) is Due.REVOKE
    assert due_now(buyer(), YEAR_END + INSTANT) is Due.END_BALANCE


def test_a_balance_that_is_used_up_ends_without_anything_to_return() -> None:
    ended = end(buyer(), balance=NOTHING, now=YEAR_END + INSTANT)
    assert (ended.returned, ended.returns) == (0, 0)


def test_a_second_sale_changes_nothing_of_what_is_due() -> None:
    warned = warn(buyer(), Due.WARN_BALANCE_END, balance=GRANT)
    again = count_sale(warned, now=YEAR_END)
    assert (again.bought, again.due, again.due_at) == (2, Due.END_BALANCE, YEAR_END)
    assert uncount_sale(again, now=YEAR_END) == warned


def test_a_sale_at_the_years_last_second_counts_and_the_next_does_not() -> None:
    assert count_sale(buyer(), now=YEAR_END).bought == 2
    with pytest.raises(Conflict, match="balance_ended"):
        count_sale(buyer(), now=YEAR_END + INSTANT)


def test_a_sale_is_refused_by_the_state_too_whatever_the_clock_says() -> None:
    revoked = revoke(inducted(), balance=GRANT, now=DEADLINE + INSTANT)
    with pytest.raises(Conflict, match="membership_revoked"):
        count_sale(revoked, now=NOON)
    with pytest.raises(Conflict, match="balance_ended"):
        count_sale(end(buyer(), balance=GRANT, now=YEAR_END + INSTANT), now=NOON)


def test_the_only_sale_voided_in_time_leaves_its_buyer_where_they_were() -> None:
    assert uncount_sale(buyer(), now=DEADLINE) == inducted()


def test_the_only_sale_voided_too_late_ends_in_a_revocation() -> None:
    voided = uncount_sale(buyer(), now=DEADLINE + timedelta(days=30))
    assert due_now(voided, DEADLINE + timedelta(days=30)) is Due.REVOKE
    with pytest.raises(Conflict, match="first_purchase_too_late"):
        count_sale(voided, now=DEADLINE + timedelta(days=30))


def test_what_comes_back_after_the_end_goes_on_to_the_treasury() -> None:
    late = YEAR_END + timedelta(days=2)
    ended = end(buyer(), balance=GRANT, now=YEAR_END + INSTANT)
    voided = uncount_sale(ended, now=late)
    assert due_now(voided, late + INSTANT) is Due.END_BALANCE
    again = end(voided, balance=Rupiah(750_000), now=late + INSTANT)
    assert (again.state, again.returned, again.returns) == (MembershipState.ENDED, GRANT + 750_000, 2)
    assert again.closed_at == ended.closed_at


def test_a_sale_that_was_never_counted_is_not_voided() -> None:
    with pytest.raises(StaleWrite):
        uncount_sale(inducted(), now=NOON)


def test_nobody_who_has_bought_is_revoked_and_nobody_twice() -> None:
    with pytest.raises(Misconfigured, match="recipient_has_bought"):
        revoke(buyer(), balance=GRANT, now=DEADLINE + INSTANT)
    revoked = revoke(inducted(), balance=GRANT, now=DEADLINE + INSTANT)
    with pytest.raises(IllegalTransition):
        revoke(revoked, balance=GRANT, now=DEADLINE + INSTANT)


def test_a_revoked_recipient_watches_no_more_videos() -> None:
    with pytest.raises(Conflict, match="membership_revoked"):
        watch_video(revoke(awarded(), balance=GRANT, now=DEADLINE + INSTANT), 1)


def test_whoever_has_little_time_before_the_deadline_is_warned_at_once() -> None:
    hurried = replace(awarded(), due_at=NOON - timedelta(days=1))
    assert due_now(hurried, NOON) is Due.WARN_FIRST_PURCHASE
