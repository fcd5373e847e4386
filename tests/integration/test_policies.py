"""Each function may do what its code does, and not more: no other test would notice, since moto lets everybody."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.verification import Registry
from chalicelib.domain.waiting_checks import WaitingCheck
from chalicelib.domain.waves import EntryState
from chalicelib.handlers.registration_alone import handle
from infra.fronts.own_function import _allowed
from infra.local.lambda_call import CallFailed, LambdaContext, Limits
from tests.builders import an_entry
from tests.integration import cast
from tests.integration.casework import REASON, on_case
from tests.integration.cast import CAST, OPEN_WAVE
from tests.integration.draw_scenes import DRAW_SCENES
from tests.integration.gate import solved, switched, ticket_of
from tests.integration.life import Life
from tests.integration.list_scenes import LIST_SCENES
from tests.integration.money_scenes import MONEY_SCENES
from tests.integration.payout_scenes import PAYOUT_SCENES
from tests.integration.photography import fill_bucket
from tests.integration.policies import FOLDER, allows, granted, policy_of, uses
from tests.integration.rights import LEADING_KEYS, Right
from tests.integration.samples import FOLDERS, body_of, doors, sample
from tests.integration.town import NOTHING_FAILED, Moment, Town
from tests.integration.witness import Witness, forget_ports

FUNCTIONS = sorted(path.stem for path in FOLDER.glob("*.json"))
OWN_FUNCTION = "take_registrations"
PURPOSE = "kms:EncryptionContext:purpose"

SPARE: Mapping[str, str] = {
    r"\w+ logs:(CreateLogStream|PutLogEvents) \w+LogGroup": "Lambda writes the log",
    r"\w+ xray:(PutTraceSegments|PutTelemetryRecords) \*": "Lambda sends the traces",
    r"\w+ sqs:\w+ \w+ \(its own\)": "Lambda reads the queue, and a message is put back in an outage",
    r"(follow_\w+|feed_\w+) dynamodb:(Describe|Get|List)\w+ \w+/stream/.+": "Lambda reads it",
    r"(follow_\w+|feed_\w+) sqs:SendMessage \w+DeadLetters": "Lambda gives up a change",
    r"(send_mails|send_announcements|watch_mails) ses:GetAccount \*": "the quota of a test is set, not asked for",
    r"prepare_incentives dynamodb:BatchGetItem LedgerTable": "no scene prepares two people at once",
    r"sweep_due_debts dynamodb:(GetItem|PutItem) LedgerTable": "no scene has a payment come back that is asked back",
}
"""What is allowed and no scene asks for (function, action, resource), and why."""


@pytest.fixture(autouse=True)
def _fresh_ports() -> Iterator[None]:
    """What was seen of a gate that was on is not to outlive it."""
    yield
    forget_ports()


# --- Scenes -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def witness(grown_up: tuple[Town, Moment]) -> Witness:
    """Has seen all samples, a whole life, and what those leave out."""
    town, noon = grown_up
    samples = [partial(_samples, folder, door) for folder in FOLDERS for door in doors(folder)]
    scenes: list[Callable[[Town], None]] = [*SCENES, *samples]
    with Witness().watching() as witness:
        for scene in scenes:
            try:
                scene(town)
            finally:
                town.return_to(noon)
        return witness


def _samples(folder: str, door: str, town: Town) -> None:
    """The good one twice: what is done already takes other ways."""
    fill_bucket()
    good = sample(folder, door, "good")
    assert _came_in(town, folder, door, good), door
    for again in (good, sample(folder, door, "bad")):
        _came_in(town, folder, door, again)


def _came_in(town: Town, folder: str, door: str, event: dict[str, Any]) -> bool:
    if folder == "api":
        return town.invoke(event).status < 400
    try:
        return town.call(door, event) in (NOTHING_FAILED, None)
    except CallFailed:
        return False


def _a_life(town: Town) -> None:
    Life(town).live()


def _a_mail_comes_back_and_staff_let_mail_go_again(town: Town) -> None:
    (record,) = sample("queues", "send_mails", "good")["Records"]
    town.call("send_mails", {"Records": [record]})
    send_key, now = json.loads(record["body"])["body"]["send_key"], town.clock.now().isoformat()
    town.tell("note_mail_fates", provider="ses", fate="bounced", send_key=send_key, left_at=now, at=now)
    assert town.invoke(sample("api", "lift", "good")).status == 204


def _somebody_registers_twice(town: Town) -> None:
    for registration in ("pendaftaran-1", "pendaftaran-2"):
        town.tell("open_accounts", email="siti@contoh.example", language="id", registration_id=registration)


def _somebody_who_has_a_card_is_chosen_again(town: Town) -> None:
    maya = ApplicantId(CAST["maya"].id)
    entry = an_entry(wave=OPEN_WAVE, applicant_id=maya, state=EntryState.CHOSEN)
    bootstrap.waves().add_entry(entry)
    town.tell("make_awards", wave=OPEN_WAVE, applicant_id=maya)


def _a_list_comes_into_force(town: Town) -> None:
    _moved(town, "follow_lists", "active")


def _an_officer_looks_at_photos_and_documents(town: Town) -> None:
    asked = {"fields": ["photos", "documents"], "reason": REASON}
    for name in ("eka", "yuni"):
        assert on_case(town, "disclosures", asked, CAST[name], cast.CASEWORKER).status == 200


def _moved(town: Town, door: str, state: str) -> None:
    event = sample("streams", door, "good")
    event["Records"][0]["dynamodb"]["NewImage"]["state"] = {"S": state}
    assert town.call(door, event) == NOTHING_FAILED


def _a_check_waits_for_its_turn(town: Town) -> None:
    for registry in (Registry.POPULATION, Registry.EDUCATION, Registry.SOCIAL):
        check = WaitingCheck(registry, ApplicantId(CAST["budi"].id), 1, town.clock.now())
        bootstrap.waiting_checks().add_each([check])
    assert town.call("release_waiting_checks", sample("schedules", "release_waiting_checks", "good")) is None


def _somebody_looks_how_their_check_stands(town: Town) -> None:
    assert town.ask("GET", "/v1/me", token=CAST["dewi"].token).status == 200


SCENES: Sequence[Callable[[Town], None]] = (
    _a_life,
    _a_mail_comes_back_and_staff_let_mail_go_again,
    _somebody_registers_twice,
    _somebody_who_has_a_card_is_chosen_again,
    *DRAW_SCENES,
    *LIST_SCENES,
    *MONEY_SCENES,
    _a_list_comes_into_force,
    *PAYOUT_SCENES,
    _a_check_waits_for_its_turn,
    _somebody_looks_how_their_check_stands,
    _an_officer_looks_at_photos_and_documents,
)


# --- Rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_what_it_does(witness: Witness, function: str) -> None:
    policy = policy_of(function)
    assert [str(right) for right in sorted(witness.asked_for(function)) if not allows(policy, right)] == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_no_more_than_it_does(witness: Witness, function: str) -> None:
    assert [each for each in unused(witness, function) if not any(re.fullmatch(line, each) for line in SPARE)] == []


def test_every_spare_right_is_still_there_and_still_spare(witness: Witness) -> None:
    spare = [each for function in FUNCTIONS for each in unused(witness, function)]
    assert [line for line in SPARE if not any(re.fullmatch(line, each) for each in spare)] == []


def unused(witness: Witness, function: str) -> list[str]:
    """What no scene asked for, as ``function action resource``."""
    policy, asked_for = policy_of(function), witness.asked_for(function)
    own = {resource for _, action, resource in granted(policy) if action == "sqs:ReceiveMessage"}
    spare = [grant for grant in granted(policy) if not uses(grant, asked_for)]
    return [f"{function} {action} {resource}{' (its own)' if resource in own else ''}" for _, action, resource in spare]


def test_every_function_was_seen_at_work(witness: Witness) -> None:
    assert [function for function in FUNCTIONS if not witness.asked_for(function)] == []


# --- The function of its own ------------------------------------------------------------------------------------------


def test_registration_alone_may_do_what_it_does(town: Town) -> None:
    assert _not_allowed_alone([(_registration(), 202), (sample("api", "register", "bad"), 400)]) == []


def test_registration_alone_may_do_what_it_does_while_the_gate_is_on(town: Town) -> None:
    rush = switched(town, proof=True)
    email = body_of(_registration())["email"]
    ticket = ticket_of(rush, email, altcha=solved(rush, email))
    with rush.clock.later(seconds=ticket["wait_seconds"]):
        come = [(_registration(ticket=ticket["ticket"]), 202), (_registration(ticket="no ticket"), 400)]
        assert _not_allowed_alone(come) == []


def _registration(**more: str) -> dict[str, Any]:
    event = sample("api", "register", "good")
    return {**event, "body": json.dumps({**body_of(event), **more})}


def _not_allowed_alone(asked: Sequence[tuple[dict[str, Any], int]]) -> list[str]:
    """What the function asked for and may not, when these registrations came, each to be answered with its status."""
    witness = Witness()
    with witness.watching():
        for event, status in asked:
            with witness.acting(OWN_FUNCTION):
                assert handle(event, LambdaContext(OWN_FUNCTION, Limits()))["statusCode"] == status
    asked_for = witness.asked_for(OWN_FUNCTION)
    assert Right("dynamodb:GetItem", "AccountsTable", ((LEADING_KEYS, ("gate",)),)) in asked_for
    return [str(right) for right in sorted(asked_for) if not allows(_allowed(), right)]


# --- How policies are read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "right", "is_allowed"),
    [
        ("api_handler", Right("dynamodb:PutItem", "OutboxTable", ((LEADING_KEYS, ("suppressed#1",)),)), True),
        ("api_handler", Right("dynamodb:PutItem", "OutboxTable", ((LEADING_KEYS, ("plan",)),)), False),
        ("api_handler", Right("dynamodb:PutItem", "OutboxTable", ((LEADING_KEYS, ("plan", "suppressed#1")),)), False),
        ("api_handler", Right("dynamodb:Query", "PayoutsTable/index/by_state"), True),
        ("api_handler", Right("dynamodb:Query", "PayoutsTable"), False),
        ("api_handler", Right("s3:PutObject", "FilesBucket/uploads/1/selfie/1"), True),
        ("api_handler", Right("s3:PutObject", "FilesBucket/photos/1/selfie/1"), False),
        ("watch_gate", Right("dynamodb:GetItem", "AccountsTable", ((LEADING_KEYS, ("gates",)),)), False),
        ("open_accounts", Right("kms:Decrypt", "PersonalValuesKey", ((PURPOSE, ("personal-values",)),)), True),
        ("open_accounts", Right("kms:Decrypt", "PersonalValuesKey", ((PURPOSE, ("something-else",)),)), False),
        ("open_accounts", Right("kms:Decrypt", "PersonalValuesKey"), False),
    ],
)
def test_a_policy_is_read_as_iam_reads_it(function: str, right: Right, is_allowed: bool) -> None:
    assert allows(policy_of(function), right) is is_allowed
