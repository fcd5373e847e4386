"""Nothing personal and no secret leaves by a side door, and nobody learns from us whether somebody else is here."""

import json
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.observability import log
from tests.integration.cast import CAST, NEWCOMER, PASSWORD, Person
from tests.integration.hearing import heard, raised
from tests.integration.life import Life
from tests.integration.paying import settle
from tests.integration.town import Moment, Reply, Town

REGISTRATIONS = "prakerja-local-registrations-to-open"


@dataclass(frozen=True)
class Traces:
    """What one whole life left behind."""

    life: Life
    lines: list[str]
    errors: list[str]
    rows: list[str]


@pytest.fixture(scope="module")
def traces(grown_up: tuple[Town, Moment]) -> Traces:
    town, noon = grown_up
    life = Life(town)
    with heard() as lines, raised() as errors:
        life.live()
    rows = [repr(item) for item in town.memory.rows().values()]
    town.return_to(noon)
    return Traces(life, lines, errors, rows)


def leaks(texts: Iterable[str], secrets: Mapping[str, str]) -> list[str]:
    """Which secrets stand in which text. A number counts only where it is not part of a longer one."""
    patterns = {what: re.compile(rf"(?<!\d){re.escape(secret)}(?!\d)") for what, secret in secrets.items()}
    return [f"{what}: {text[:300]}" for text in texts for what, pattern in patterns.items() if pattern.search(text)]


def kinds(found: Iterable[str]) -> set[str]:
    return {leak.partition(":")[0] for leak in found}


def test_no_log_line_holds_a_secret(traces: Traces) -> None:
    assert traces.lines
    assert not leaks(traces.lines, traces.life.secrets)


def test_no_library_tells_a_secret_even_at_debug(town: Town) -> None:
    """Botocore would write whole requests and answers: the address in the first message, the values of secrets."""
    with heard(libraries=logging.DEBUG) as lines:
        logging.getLogger("a.library").debug("heard")
        town.ask("POST", "/v1/registrations", {"email": NEWCOMER.email})
        town.settle()
    assert [line for line in lines if line.startswith("heard")]
    assert not leaks(lines, secrets_of(NEWCOMER))


def test_no_error_text_holds_a_secret(traces: Traces) -> None:
    assert traces.errors
    assert not leaks(traces.errors, traces.life.secrets)


def test_no_attribute_of_a_message_holds_a_secret(traces: Traces) -> None:
    assert len(traces.life.messages) > 70
    attributes = [json.dumps({**record, "body": ""}) for record in traces.life.messages]
    assert not leaks(attributes, traces.life.secrets)


def test_no_message_holds_a_secret_but_the_first_the_address(traces: Traces) -> None:
    first, *others = traces.life.messages
    assert first["eventSourceARN"].endswith(REGISTRATIONS)
    assert kinds(leaks([first["body"]], traces.life.secrets)) == {"email", "mailbox"}
    assert not leaks([record["body"] for record in others], traces.life.secrets)


def test_no_address_and_no_reply_header_holds_a_secret(traces: Traces) -> None:
    headers = [f"{name}: {value}" for reply in traces.life.replies for name, value in reply.headers.items()]
    assert not leaks(headers + traces.life.paths, traces.life.secrets)


def test_no_table_holds_a_secret_in_the_clear(traces: Traces) -> None:
    assert not leaks(traces.rows, traces.life.secrets)


def test_a_leak_would_be_heard(town: Town) -> None:
    """The proof that the tests above could fail: what is redacted is not heard, all else is."""
    secrets = {"nik": NEWCOMER.nik, "email": NEWCOMER.email, "name": NEWCOMER.full_name}
    body = {"email": NEWCOMER.email, "language": NEWCOMER.full_name, "registration_id": NEWCOMER.nik}
    with heard() as lines, raised() as errors:
        log().info(f"register {NEWCOMER.email}", extra={"who": [NEWCOMER.full_name], "nik": NEWCOMER.nik})
        with pytest.raises(AssertionError):
            town.tell("open_accounts", **body)
    assert kinds(leaks(lines, secrets)) == {"name"}
    assert kinds(leaks(errors, secrets)) == {"name"}  # Language() repeats what it does not know


# --- When neighbours fail ---------------------------------------------------------------------------------------------

FAULTS = ("outage", "http_500", "html", "truncated", "refuse_login")
BANK_FAULTS = ("outage", "html", "truncated", "lose_reply", "wrong_amount", "wrong_reference")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_ministry_makes_nobody_talk(town: Town, fault: str) -> None:
    dewi = CAST["dewi"]
    town.neighbours.population.behave(**{fault: True})
    with heard() as lines, raised() as errors:
        town.tell("check_population", applicant_id=dewi.id, submission=1)
    assert lines
    assert errors
    assert not leaks(lines + errors, secrets_of(dewi))


@pytest.mark.parametrize("fault", BANK_FAULTS)
def test_a_failing_bank_makes_nobody_talk(town: Town, fault: str) -> None:
    tuti, putri = CAST["tuti"], CAST["putri"]
    town.neighbours.bank.behave(**{fault: True})
    with heard() as lines, raised() as errors:
        settle(town, tuti)
        town.neighbours.bank.behave(response_code="40411", services="16")
        town.tell("verify_payout_accounts", applicant_id=putri.id)
    for person in (tuti, putri):
        assert not leaks(lines + errors, secrets_of(person))


def test_a_refused_statement_is_not_repeated(town: Town) -> None:
    """Neither in a log nor in an error; in the reply only the name of the field."""
    budi = CAST["budi"]
    wrong = (
        {"nik": budi.nik + "1"},
        {"birth_date": "1995-05-06"},
        {"phone": budi.phone + "x"},
        {"full_name": [budi.full_name]},
        {"mother_name": ""},
    )
    with heard() as lines, raised() as errors:
        replies = [town.ask("PUT", "/v1/me/identity", budi.identity(**each), token=budi.token) for each in wrong]
    assert [reply.status for reply in replies] == [400] * len(wrong)
    assert not leaks(lines + errors + [reply.text for reply in replies], secrets_of(budi))


def test_the_name_of_an_unknown_field_is_not_logged(town: Town) -> None:
    budi = CAST["budi"]
    with heard() as lines:
        reply = town.ask("PUT", "/v1/me/identity", budi.identity(**{budi.full_name: "x"}), token=budi.token)
    assert reply.body["code"] == "field_unknown"
    assert lines
    assert not leaks(lines, secrets_of(budi))


def secrets_of(person: Person) -> dict[str, str]:
    return {
        "nik": person.nik,
        "family card": person.family_card_no,
        "name": person.full_name,
        "mother's name": person.mother_name,
        "phone": person.phone,
        "email": person.email,
        "account": person.account_no,
        "session": person.token,
    }


# --- Who is here? -----------------------------------------------------------------------------------------------------

WHO = {"unknown": NEWCOMER, "not yet verified": CAST["ani"], "active": CAST["zahra"]}


def told(reply: Reply) -> tuple[int, dict[str, Any], list[str]]:
    """All that could tell people apart, but the id of the request."""
    return reply.status, {k: v for k, v in reply.body.items() if k != "correlation_id"}, sorted(reply.headers)


def assert_told_the_same(replies: Iterable[Reply]) -> None:
    first, *others = map(told, replies)
    assert others == [first] * len(others)


def asked_of_all(town: Town, path: str, **body: str) -> list[Reply]:
    return [town.ask("POST", path, {"email": person.email, **body}) for person in WHO.values()]


def test_registering_tells_nothing_of_an_address(town: Town) -> None:
    replies = asked_of_all(town, "/v1/registrations")
    assert replies[0].status == 202
    assert_told_the_same(replies)


def test_a_wrong_code_tells_nothing_of_an_address(town: Town) -> None:
    for _ in range(6):  # the sixth time there are too many attempts, for everybody
        replies = asked_of_all(town, "/v1/email-verifications", code="000000", password=PASSWORD)
        assert_told_the_same(replies)
    assert {reply.status for reply in replies} == {429}


def test_a_wrong_link_tells_nothing_of_an_address(town: Town) -> None:
    tokens = [f"{person.id}~xxxx" for person in WHO.values()]
    replies = [town.ask("POST", "/v1/email-verifications", {"token": token, "password": PASSWORD}) for token in tokens]
    assert replies[0].status == 400
    assert_told_the_same(replies)


def test_a_wrong_password_tells_nothing_of_an_address(town: Town) -> None:
    for _ in range(11):
        replies = asked_of_all(town, "/v1/sessions", password="bukan kata sandinya")
        assert_told_the_same(replies)
    assert {reply.status for reply in replies} == {429}


def test_stating_anothers_nik_tells_nothing_of_them(town: Town) -> None:
    taken, free = CAST["eka"], NEWCOMER
    replies = []
    for person, identity in ((CAST["budi"], taken.identity()), (CAST["zahra"], free.identity())):
        replies.append(town.ask("PUT", "/v1/me/identity", identity, token=person.token))
        town.tell("claim_identities", applicant_id=person.id, submission=1)
    assert replies[0].status == 204
    assert_told_the_same(replies)
