"""A launch on paper: nobody is lost, and what can be worked out by hand comes out as by hand."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from infra.fronts import FRONTS
from infra.surge import cost
from infra.surge.__main__ import main
from infra.surge.arrivals import DAY, arrivals
from infra.surge.chart import nice_ticks, spoken
from infra.surge.gates import Environments, Gateway, Returning, Table
from infra.surge.model import Second, play
from infra.surge.patience import PATIENCE
from infra.surge.plan import ROOT, Front, Plan, Worker, deployed, prepared, reader_of
from infra.surge.summary import summary

LAUNCH = deployed(1_333, 1_440, 14, Front.REST)
MINUTE = replace(prepared(replace(LAUNCH, mails_per_second=100)), minutes=1, table_writes=100_000)


def mails_drained(plan: Plan) -> int:
    return summary(plan, play(plan)).mails_drained_seconds


def assert_nobody_is_lost(seconds: list[Second]) -> None:
    for each in seconds:
        assert each.arrived == each.taken + each.outside
        assert each.taken == each.opened + each.queued
        assert each.opened == each.sent + each.unsent
        assert min(each.outside, each.queued, each.unsent) >= 0


@pytest.mark.parametrize("front", Front)
@pytest.mark.parametrize("rate", [1, 1_333, 13_330])
def test_whoever_comes_is_taken_or_still_outside_and_in_the_end_everybody_has_a_mail(rate: int, front: Front) -> None:
    plan = deployed(rate, 60, 100_000, front)
    seconds = play(replace(plan, mailer=Worker(10, 10_000)))
    assert_nobody_is_lost(seconds)
    assert seconds[-1].arrived == seconds[-1].taken == seconds[-1].sent > 0


def test_the_launch_is_the_known_one() -> None:
    come = list(arrivals(LAUNCH.minute_total, LAUNCH.day_total, DAY))
    assert sum(come[:60]) == 80_000
    assert sum(come) == 1_432_133
    assert max(come) <= 1_334
    assert come[60] >= come[600] >= come[6_000] >= 0


def test_ten_times_the_rate_is_ten_times_the_people() -> None:
    ten = deployed(13_330, 1, 1_000, Front.REST)
    assert (ten.minute_total, ten.day_total) == (800_000, 14_321_330)
    seconds = play(prepared(ten))
    assert seconds[-1].taken == 800_000
    assert max(each.outside for each in seconds) == 0
    assert summary(prepared(ten), seconds).environments_lean == pytest.approx(10 * LAUNCH.environments(0.15), abs=10)


def test_the_mails_of_the_first_minute_take_as_long_as_their_number_by_the_quota() -> None:
    assert mails_drained(MINUTE) == 80_000 / 100
    assert mails_drained(replace(MINUTE, mails_per_second=14)) == pytest.approx(80_000 / 14, abs=1)


@pytest.mark.parametrize("quota", [14, 50, 200, 12.5])
def test_twice_the_mail_quota_is_half_the_wait(quota: float) -> None:
    plan = replace(MINUTE, mailer=Worker(10, 100), mails_per_second=quota)
    twice = replace(plan, mails_per_second=2 * quota)
    assert mails_drained(plan) == pytest.approx(2 * mails_drained(twice), abs=2)


def test_our_own_senders_may_be_slower_than_the_quota() -> None:
    few = replace(MINUTE, mails_per_second=200, mailer=Worker(10, 10))
    assert few.sent_per_second == 100
    assert mails_drained(few) == 800


def test_the_quota_that_keeps_every_code_alive_does() -> None:
    told = summary(LAUNCH, play(LAUNCH))
    assert told.after_patience > 0
    enough = prepared(replace(LAUNCH, mails_per_second=told.mails_per_second_for_codes))
    at_last = summary(enough, play(enough))
    assert at_last.after_patience == 0
    assert at_last.longest_wait_seconds == pytest.approx(PATIENCE.total_seconds(), rel=0.01)


def test_a_gateway_passes_its_rate_and_once_its_burst() -> None:
    gateway = Gateway(2_500, 1_250)
    assert [gateway.passed(5_000) for _ in range(3)] == [3_750, 2_500, 2_500]
    assert [gateway.passed(2_000), gateway.passed(5_000)] == [2_000, 3_000]


def test_whoever_is_refused_comes_back_after_what_retry_after_says() -> None:
    returning = Returning(5)
    assert returning.back() == 0
    returning.refuse(12)
    assert [returning.back() for _ in range(11)] == [0, 0, 0, 0, 3, 3, 2, 2, 2, 0, 0]
    assert returning.outside == 0


def test_the_first_second_wants_an_environment_for_all_who_come_before_one_is_free() -> None:
    assert LAUNCH.environments(0.15) == 214
    assert LAUNCH.environments(0.6) == 814
    assert replace(LAUNCH, front=Front.DIRECT_QUEUE).environments(0.6) == 0
    own = deployed(1_333, 1, 14, Front.OWN_FUNCTION)
    assert own.environments(own.start_seconds) == 147
    cold = Environments(replace(LAUNCH, function_quota=100))
    assert cold.passed(1_333) <= 1_000
    assert cold.warm == 100


def test_a_table_takes_twice_what_it_took_half_an_hour_ago() -> None:
    table = Table(4_000)
    for _ in range(1_800):
        table.took(3_000)
    assert table.capacity == 4_000
    table.took(0)
    assert table.capacity == 6_000


def test_a_new_table_holds_up_what_the_workers_could_open() -> None:
    fast = replace(MINUTE, rate=10_000, table_writes=4_000, gateway_per_second=20_000, warm_environments=2_000)
    told = summary(fast, play(replace(fast, mails_per_second=20_000)))
    assert told.queue_drained_seconds >= fast.minute_total / 4_000


def test_limits_are_those_of_the_code() -> None:
    assert reader_of("mail", "mails-to-send").batch == 5
    assert LAUNCH.gateway_per_second == 2_000
    assert set(Front) == FRONTS.keys()
    with pytest.raises(LookupError, match="no queue nowhere"):
        reader_of("mail", "nowhere")


def test_the_page_on_cost_says_what_the_code_counts() -> None:
    page = (ROOT / "docs/cost.md").read_text("utf-8")
    for front in Front:
        total = sum(each.usd for each in cost.per_registration(front, LAUNCH.opener, LAUNCH.mailer)) * 1e6
        assert f"**{total:.2f}**" in page, f"{front}: {total:.2f}"
    for steps in (cost.per_naive_registration(), cost.per_guarded_registration()):
        naive = sum(each.usd for each in steps) * 1e6
        assert f"**{naive:.2f}**" in page, f"naive: {naive:.2f}"


def test_the_same_guards_cost_less_here_than_one_by_one() -> None:
    guarded = sum(each.usd for each in cost.per_guarded_registration())
    for front in Front:
        assert sum(each.usd for each in cost.per_registration(front, LAUNCH.opener, LAUNCH.mailer)) < guarded


def test_scales_are_round() -> None:
    assert nice_ticks(1_333) == [0, 500, 1_000, 1_500]
    assert [spoken(1_500_000), spoken(750_000), spoken(5_000), spoken(0)] == ["1.5 M", "750 k", "5,000", "0"]


def test_a_picture_is_drawn_and_the_figures_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = tmp_path / "new" / "plan.svg"
    assert main(["--rate", "1333", "--minutes", "1", "--mails-per-second", "200", "--out", str(drawn), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["result"]["arrived"] == told["result"]["sent"] == 80_000
    assert told["plan"]["front"] == "rest"
    assert ElementTree.parse(drawn).getroot().get("width") == "1000"  # noqa: S314 - our own file
    assert main(["--minutes", "1", "--prepared", "--mails-per-second", "2000"]) == 0
    assert "80,000 people" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["--rate", "many"], "rate is a whole number from 1 to 100,000, not 'many'"),
        (["--rate", "0"], "rate is a whole number"),
        (["--minutes", "1441"], "minutes is a whole number from 1 to 1,440"),
        (["--mails-per-second", "nan"], "mails per second is a number from 3"),
        (["--mails-per-second", "0"], "mails per second is a number from 3"),
        (["--front", "carrier-pigeon"], "front is one of rest, http-api, direct-queue, own-function"),
    ],
)
def test_a_wrong_argument_is_named(wrong: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(wrong)
    assert words in capsys.readouterr().err
