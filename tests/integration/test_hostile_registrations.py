"""Registrations of those who mean harm, or whose machines do: refused in our own words and without effect, or taken as
one person's, however often and in whatever spelling. No answer tells whether an address is known.
"""

import json
import re
from collections import Counter

import pytest

from infra.local.mails import KeptMail
from tests.integration.cast import CAST
from tests.integration.effects import Watch
from tests.integration.town import Reply, Town
from tests.simulation.people import dot_variants

DOOR = "/v1/registrations"
MOST_MAILS = 6
"""The first, and as many as may be asked for at once."""
NAUGHTY = "n.a.u.g.h.t.y.o.n.e@gmail.com"


def register(town: Town, body: object, **headers: str) -> Reply:
    return town.ask("POST", DOOR, body, **headers)


def rows(town: Town, kind: str) -> int:
    return sum(item["kind"]["S"] == kind for item in town.memory.rows().values())


def mails_by_address(town: Town) -> Counter[str]:
    return Counter(str(KeptMail(mail).to) for mail in town.mails())


# --- Refused, and nothing came of it -----------------------------------------------------------------------------

BODIES: dict[str, bytes] = {
    "65 KB of address": b'{"email": "' + b"a" * 66_000 + b'@contoh.example"}',
    "7 MB of address": b'{"email": "' + b"a" * 7_000_000 + b'@contoh.example"}',
    "7 MB of blanks": b'{"email": "siti@contoh.example"' + b" " * 7_000_000 + b"}",
    "lists in lists": b'{"email": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "objects in objects": b'{"email":' * 5_000 + b'""' + b"}" * 5_000,
    "invalid UTF-8": b'{"email": "siti\xff\xfe@contoh.example"}',
    "overlong UTF-8": b'{"email": "siti\xc0\xae@contoh.example"}',
    "UTF-16": '{"email": "siti@contoh.example"}'.encode("utf-16"),
    "a NUL": b'{"email": "siti\\u0000@contoh.example"}',
    "a bare NUL": b'{"email": "siti\x00@contoh.example"}',
    "half a sign": rb'{"email": "siti\ud800@contoh.example"}',
    "two lines": b'{"email": "siti@contoh.example\\r\\nBcc: semua@contoh.example"}',
    "two addresses": b'{"email": "siti@contoh.example, budi@contoh.example"}',
    "a number": b'{"email": 7}',
    "a number without end": b'{"email": ' + b"9" * 50_000 + b"}",
    "a list": b'{"email": ["siti@contoh.example"]}',
    "a third language": b'{"email": "siti@contoh.example", "language": "xx"}',
    "a field too many": b'{"email": "siti@contoh.example", "registration_id": "mine"}',
    "a source of one's own": b'{"email": "siti@contoh.example", "source": "10.0.0.1"}',
    "nothing": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_is_no_registration_is_refused_in_our_words_and_has_no_effect(town: Town, body: bytes) -> None:
    watch = Watch(town.memory)
    reply = register(town, body)
    assert reply.status == 400, reply.text
    assert reply.body.keys() >= {"code", "message", "correlation_id"}
    assert len(reply.text) < 1_000, "what was typed is not sent back"
    assert watch.effects() == set()


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_a_body_of_another_kind_is_refused_and_has_no_effect(town: Town, kind: str) -> None:
    watch = Watch(town.memory)
    reply = register(town, {"email": "siti@contoh.example"}, **{"Content-Type": kind})
    assert reply.status == 415, reply.text
    assert watch.effects() == set()


def test_of_a_key_given_twice_the_last_counts_and_one_person_gets_mail(town: Town) -> None:
    before = mails_by_address(town)
    reply = register(town, b'{"email": "satu@contoh.example", "email": "dua@contoh.example"}')
    town.settle()
    sent = mails_by_address(town) - before
    assert reply.status == 202
    assert sent == {"['dua@contoh.example']": 1}


HEADERS: dict[str, dict[str, str]] = {
    "a long language": {"Accept-Language": "id," * 20_000},
    "a language that is none": {"Accept-Language": "\x00;q=nan,*;q=inf,id;q=-1e999"},
    "a long correlation": {"X-Correlation-Id": "k" * 10_000},
    "a correlation of two lines": {"X-Correlation-Id": "k\r\nSet-Cookie: milik=saya"},
    "a correlation with an address": {"X-Correlation-Id": "siti@contoh.example"},
    "somebody else's address": {"X-Forwarded-For": "127.0.0.1, ::1, ' OR 1=1"},
    "another method": {"X-HTTP-Method-Override": "DELETE"},
    "another host": {"Host": "jahat.example"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_headers_change_nothing_of_what_a_registration_does(town: Town, headers: dict[str, str]) -> None:
    watch = Watch(town.memory)
    reply = register(town, {"email": "siti@contoh.example"}, **headers)
    assert reply.status == 202, reply.text
    assert watch.effects() == {"message registrations-to-open"}
    (message,) = town.memory.messages("registrations-to-open")
    envelope = json.loads(message.body)
    assert len(envelope["correlation_id"]) < 200
    told = json.dumps(envelope["correlation_id"]) + json.dumps(reply.headers)
    assert not [word for word in ("\\r", "\\n", "Set-Cookie", "siti@", "jahat") if word in told]


# --- Taken as one person's ---------------------------------------------------------------------------------------


def test_a_thousand_replays_are_all_taken_and_are_one_account_and_a_handful_of_mails(town: Town) -> None:
    accounts, before = rows(town, "account"), mails_by_address(town)
    body = json.dumps({"email": "ulang@contoh.example"}).encode()
    assert {register(town, body).status for _ in range(1_000)} == {202}
    town.settle()
    assert rows(town, "account") == accounts + 1
    sent = mails_by_address(town) - before
    assert 1 <= sum(sent.values()) <= MOST_MAILS


def test_259_spellings_of_one_mailbox_are_one_account_and_a_handful_of_mails(town: Town) -> None:
    accounts, before = rows(town, "account"), mails_by_address(town)
    spellings = [f"{local}@gmail.com" for local in dot_variants("naughtyone", 256)]
    spellings += ["naughtyone+satu@gmail.com", "NaughtyOne@GMAIL.com", "naughtyone@googlemail.com"]
    assert len(set(spellings)) == 259
    assert {register(town, {"email": each}).status for each in spellings} == {202}
    town.settle()
    assert rows(town, "account") == accounts + 1
    sent = mails_by_address(town) - before
    assert 1 <= sum(sent.values()) <= MOST_MAILS


def test_the_newest_of_many_mails_holds_the_code_that_works(town: Town) -> None:
    for spelling in ("naughtyone@gmail.com", NAUGHTY, "naughty.one+kartu@googlemail.com"):
        register(town, {"email": spelling})
        town.settle()
    code = re.findall(r"^\d{6}$", KeptMail(town.mails()[-1]).mail.text, re.MULTILINE)[-1]
    answer = {"email": "n.aughtyone@gmail.com", "code": code, "password": "kata sandi yang panjang"}
    assert town.ask("POST", "/v1/email-verifications", answer).status < 300


# --- Telling nothing ---------------------------------------------------------------------------------------------


def told(reply: Reply) -> tuple[int, str, dict[str, str]]:
    """All of an answer but the ids that differ between any two."""
    headers = {name: value for name, value in reply.headers.items() if "id" not in name.split("-")}
    return reply.status, reply.text.replace(reply.headers["x-correlation-id"], "-"), headers


@pytest.mark.parametrize("language", ["id", "en"])
def test_known_and_unknown_addresses_are_answered_in_the_same_bytes(town: Town, language: str) -> None:
    register(town, {"email": "menunggu@contoh.example"})
    town.settle()
    addresses = [CAST["budi"].email, "menunggu@contoh.example", "baru@contoh.example", "sekali@mailinator.com"]
    answers = [told(register(town, {"email": each}, language=language)) for each in addresses]
    for _ in range(20):
        register(town, {"email": CAST["budi"].email})
    town.settle()
    answers.append(told(register(town, {"email": CAST["budi"].email}, language=language)))
    assert all(answer == answers[0] for answer in answers)
