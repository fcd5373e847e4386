"""Every door copes with what comes through it, good or bad; the samples of ``events/`` are what comes."""

import json
import time
from typing import Any

import pytest

from infra.local.lambda_call import CallFailed
from tests.integration.effects import Watch
from tests.integration.expected import COUNTED, DROPPED, EFFECTS, FEEDS, ON_RECORD, PAGES, READING
from tests.integration.expected_refusals import REFUSALS
from tests.integration.photography import fill_bucket
from tests.integration.samples import FOLDERS, KINDS, doors, kinds_of, sample
from tests.integration.town import NOTHING_FAILED, Town

POISON = (
    *("", "null", "7", "[1]", '"text"', '"Records"', "{}", '{"Records": 7}'),
    *('{"version": 1}', '{"version": "1", "body": {}}', '{"version": 1, "body": [], "correlation_id": "x"}'),
    *('{"version": 1, "body": {}, "correlation_id": 7}', '{"version": 1, "body": {}, "sent_at": "kemarin"}'),
    "[" * 100_000,
)

each_route = pytest.mark.parametrize("door", doors("api"))
each_queue = pytest.mark.parametrize("door", doors("queues"))
each_stream = pytest.mark.parametrize("door", doors("streams"))
each_schedule = pytest.mark.parametrize("door", doors("schedules"))


@pytest.fixture(autouse=True)
def _photos(town: Town) -> None:
    fill_bucket()
    town.memory.empty_queues()


def registered(town: Town) -> dict[str, set[str]]:
    """What the application registers, by the folder in which its samples lie."""
    functions = town.registered
    return {
        "api": {entry.view_function.__name__ for methods in town.app.routes.values() for entry in methods.values()},
        "queues": {each.name for each in functions.queues},
        "streams": {each.name for each in functions.streams},
        "schedules": {each.name for each in functions.schedules},
    }


def test_every_door_has_samples_and_every_sample_a_door(town: Town) -> None:
    assert {folder: set(doors(folder)) for folder in FOLDERS} == registered(town)


@pytest.mark.parametrize(("folder", "door"), [(folder, door) for folder in FOLDERS for door in doors(folder)])
def test_every_door_has_a_good_and_a_bad_sample(folder: str, door: str) -> None:
    assert kinds_of(folder, door) == {f"{kind}.json" for kind in KINDS}


def test_what_is_expected_is_expected_of_doors_that_are_there(town: Town) -> None:
    """Without this a door could be taken away, and its line would stay behind."""
    found = registered(town)
    assert set().union(*found.values()) >= EFFECTS.keys() | ON_RECORD.keys() | READING.keys()
    assert found["api"] == REFUSALS.keys() | PAGES
    assert found["queues"] >= DROPPED


@each_route
def test_a_good_request_is_answered_and_does_its_work(town: Town, door: str) -> None:
    event, watch = sample("api", door, "good"), Watch(town.memory)
    reply = town.invoke(event)
    method, resource = event["httpMethod"], event["resource"]
    view: Any = town.app.routes[resource][method].view_function
    assert reply.status == view.door.status, reply.text
    assert watch.effects() == EFFECTS.get(door, ON_RECORD.get(door, set()))
    assert (method == "GET" or door in READING) == (door not in EFFECTS)


@pytest.mark.parametrize("door", sorted(REFUSALS))
def test_a_bad_request_is_refused_in_stable_words_and_changes_nothing(town: Town, door: str) -> None:
    watch = Watch(town.memory)
    reply = town.invoke(sample("api", door, "bad"))
    code = reply.body.get("reason", reply.body.get("code"))
    assert (reply.status, code, reply.body.get("field")) == REFUSALS[door]
    assert watch.effects() == COUNTED.get(door, set())


@pytest.mark.parametrize("door", sorted(PAGES))
def test_a_page_repeats_nothing_of_a_request(town: Town, door: str) -> None:
    good, bad = (town.invoke(sample("api", door, kind)) for kind in KINDS)
    assert (bad.status, bad.text) == (good.status, good.text)
    assert "<script>alert" not in bad.text + str(bad.headers)


@each_queue
def test_a_good_message_is_worked_off(town: Town, door: str) -> None:
    watch = Watch(town.memory)
    assert town.call(door, sample("queues", door, "good")) == NOTHING_FAILED
    assert watch.effects() == EFFECTS[door]


@each_queue
def test_a_good_message_that_comes_twice_is_worked_off_once(town: Town, door: str) -> None:
    town.call(door, sample("queues", door, "good"))
    watch = Watch(town.memory)
    assert town.call(door, sample("queues", door, "good")) == NOTHING_FAILED
    # Under the same send key: sent once. A token too many is no harm, a delivery counted twice neither, nor a check
    # that is asked for again.
    harmless = {"message mails-to-send", "message announcements-to-send", "message list-checks-to-make"}
    harmless |= {"bucket kept", "mail_traffic kept"}
    assert watch.effects() <= harmless


@each_queue
def test_a_bad_message_is_dropped_when_it_is_wrong_and_fails_when_it_cannot_be_read(town: Town, door: str) -> None:
    event, watch = sample("queues", door, "bad"), Watch(town.memory)
    assert town.call(door, event) == failed(*([] if door in DROPPED else event["Records"]))
    assert watch.effects() == set()


@each_queue
def test_in_a_mixed_batch_only_the_bad_message_fails(town: Town, door: str) -> None:
    bad, good = (sample("queues", door, kind)["Records"] for kind in ("bad", "good"))
    watch = Watch(town.memory)
    assert town.call(door, {"Records": bad + good}) == failed(*([] if door in DROPPED else bad))
    assert watch.effects() == EFFECTS[door]


@pytest.mark.parametrize("text", POISON, ids=range(len(POISON)))
def test_poison_fails_alone(town: Town, text: str) -> None:
    (good,) = sample("queues", "open_accounts", "good")["Records"]
    poison = {**good, "messageId": "poison", "body": text}
    watch = Watch(town.memory)
    assert town.call("open_accounts", {"Records": [poison, good]}) == failed(poison)
    assert watch.effects() == EFFECTS["open_accounts"]


def test_the_bucket_may_say_hello(town: Town) -> None:
    """S3 tries a new notification out."""
    (hello,) = sample("queues", "check_photos", "good")["Records"]
    hello["body"] = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "prakerja-local-files"})
    assert town.call("check_photos", {"Records": [hello]}) == NOTHING_FAILED


def asked_in_an_outage(town: Town, sent_at: object) -> Any:
    """What becomes of a message, sent then, when the bank hangs up."""
    (record,) = sample("queues", "verify_payout_accounts", "good")["Records"]
    record["body"] = json.dumps({**json.loads(record["body"]), "sent_at": sent_at})
    town.neighbours.bank.behave(outage=True)
    return town.call("verify_payout_accounts", {"Records": [record]}), failed(record)


def test_an_outage_puts_a_message_back_for_later(town: Town) -> None:
    answer, _ = asked_in_an_outage(town, int(time.time()))
    assert answer == NOTHING_FAILED
    (again,) = town.memory.messages("payout-accounts-to-verify")
    (record,) = sample("queues", "verify_payout_accounts", "good")["Records"]
    assert json.loads(again.body)["attempt"] == 1
    assert json.loads(again.body)["body"] == json.loads(record["body"])["body"]
    assert again.delayed_until > time.time() * 1000


def test_a_message_is_put_back_for_thirteen_days_at_most(town: Town) -> None:
    answer, all_failed = asked_in_an_outage(town, int(time.time()) - 14 * 24 * 3600)
    assert answer == all_failed
    assert not town.memory.messages("payout-accounts-to-verify")


def test_an_outage_of_a_ministry_puts_no_message_back_but_the_check_to_where_it_waits(town: Town) -> None:
    (record,) = sample("queues", "check_population", "good")["Records"]
    town.neighbours.population.behave(outage=True)
    watch = Watch(town.memory)
    assert town.call("check_population", {"Records": [record]}) == NOTHING_FAILED
    assert not town.memory.messages("population-checks-to-make")
    assert "waiting_check waiting" in watch.effects()


def test_a_moment_that_is_none_fails_its_own_message_only(town: Town) -> None:
    answer, all_failed = asked_in_an_outage(town, "yesterday")
    assert answer == all_failed


@each_stream
def test_a_change_is_followed(town: Town, door: str) -> None:
    watch = Watch(town.memory)
    assert town.call(door, sample("streams", door, "good")) == NOTHING_FAILED
    assert watch.effects() == EFFECTS[door]


@pytest.mark.parametrize("door", [door for door in doors("streams") if door not in FEEDS])
def test_a_stream_stops_at_the_change_that_fails_and_resumes_there(town: Town, door: str) -> None:
    (good,), (bad,) = (sample("streams", door, kind)["Records"] for kind in KINDS)
    later = {**good, "dynamodb": {**good["dynamodb"], "SequenceNumber": bad["dynamodb"]["SequenceNumber"] + "9"}}
    watch = Watch(town.memory)
    assert town.call(door, {"Records": [bad, later]}) == stopped_at(bad)
    assert watch.effects() == set()
    assert town.call(door, {"Records": [good, bad, later]}) == stopped_at(bad)
    assert len(town.memory.waiting()) == 1
    assert town.call(door, {"Records": [later]}) == NOTHING_FAILED
    assert len(town.memory.waiting()) == 2


@each_schedule
def test_a_tick_does_what_is_due(town: Town, door: str) -> None:
    watch = Watch(town.memory)
    town.call(door, sample("schedules", door, "good"))
    assert watch.effects() == EFFECTS[door]


@each_schedule
def test_what_is_no_tick_fails_and_changes_nothing(town: Town, door: str) -> None:
    watch = Watch(town.memory)
    with pytest.raises(CallFailed):
        town.call(door, sample("schedules", door, "bad"))
    assert watch.effects() == set()


def failed(*records: dict[str, Any]) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in records]}


def stopped_at(record: dict[str, Any]) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
