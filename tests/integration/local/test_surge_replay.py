"""The replay of a launch's busiest minute, in small: nobody is lost, and nobody is there twice."""

import pytest

from tests.benchmarks.surge_client import email_of, mailboxes_of
from tests.benchmarks.surge_replay import replayed
from tests.integration.local.conftest import ministack_binary


@pytest.mark.ministack
def test_whoever_registers_in_a_surge_is_opened_once_and_gets_a_mail() -> None:
    ministack_binary()
    seen = replayed(400, rounds=2)
    assert seen.faults(400) == []


def test_one_in_twenty_comes_again_under_the_same_mailbox() -> None:
    mailboxes = {email_of(number).replace(".", "").partition("@")[0] for number in range(2_000)}
    assert len(mailboxes) == mailboxes_of(2_000) == 1_900
    assert len({email_of(number) for number in range(2_000)}) > 1_900, "some spell it another way"
