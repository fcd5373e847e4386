"""What an environment takes for a registration, and what it leaves to the server that knows HTTP."""

import pytest

from infra.local.plain_request import LONGEST, plain_registration

LINE = b"POST /v1/registrations HTTP/1.1\r\n"
BODY = b'{"email": "siti@contoh.example"}'
HEAD = b"Host: x\r\nContent-Type: application/json\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
PLAIN = LINE + HEAD + LENGTH + b"\r\n" + BODY
NOT_PLAIN = {
    "another method": PLAIN.replace(b"POST", b"PUT"),
    "another path": PLAIN.replace(b"registrations", b"registrations/5"),
    "a query": PLAIN.replace(b"registrations", b"registrations?x=1"),
    "an older protocol": PLAIN.replace(b"HTTP/1.1", b"HTTP/1.0"),
    "half a head": PLAIN[:60],
    "half a body": PLAIN[:-1],
    "no body": LINE + HEAD + b"Content-Length: 0\r\n\r\n",
    "no length": LINE + HEAD + b"\r\n" + BODY,
    "two lengths": LINE + LENGTH + LENGTH + b"\r\n" + BODY,
    "two lengths in two spellings": LINE + LENGTH + LENGTH.lower() + b"\r\n" + BODY,
    "a length that is none": LINE + b"Content-Length: +32\r\n\r\n" + BODY,
    "a length like no body": LINE + b"Content-Length: 999999\r\n\r\n" + BODY,
    "chunks": LINE + LENGTH + b"transfer-encoding: chunked\r\n\r\n" + BODY,
    "a question before the body": LINE + LENGTH + b"Expect: 100-continue\r\n\r\n" + BODY,
    "the last on its line": LINE + LENGTH + b"Connection: close\r\n\r\n" + BODY,
    "another protocol": LINE + LENGTH + b"Upgrade: h2c\r\n\r\n" + BODY,
    "a folded line": LINE + LENGTH + b"X-A: b\r\n c\r\n\r\n" + BODY,
    "a space before the colon": LINE + LENGTH + b"X-A : b\r\n\r\n" + BODY,
    "a bare line feed": LINE + LENGTH + b"X-A: b\nX-B: c\r\n\r\n" + BODY,
    "a zero byte": LINE + LENGTH + b"X-A: b\x00\r\n\r\n" + BODY,
    "letters beyond ASCII": LINE + LENGTH + "X-A: é\r\n\r\n".encode() + BODY,
    "an empty value": LINE + LENGTH + b"X-A: \r\n\r\n" + BODY,
    "nothing": b"",
}


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_whatever_could_be_read_in_two_ways_is_not_plain(name: str) -> None:
    assert plain_registration(NOT_PLAIN[name], "127.0.0.1") is None


@pytest.mark.parametrize("after", [b"", b"POST /v1/registrations HTTP/1.1\r\n"])
def test_a_registration_is_read_to_its_end_and_no_further(after: bytes) -> None:
    found = plain_registration(PLAIN + after, "127.1.2.3")
    assert found is not None
    request, length = found
    assert length == len(PLAIN) < LONGEST
    assert (request.method, request.path, request.query) == ("POST", "/v1/registrations", "")
    assert (request.body, request.source) == (BODY, "127.1.2.3")
    assert request.headers == [("Host", "x"), ("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]
