"""BI-SNAP signatures, against the published vector and against the bank's own way of checking them."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.payments.snap_signing import StandardSigner, body_hash, minify
from chalicelib.domain.errors import Misconfigured
from infra.local.standins.bank_door import without_white_space
from infra.local.standins.bank_keys import new_key_pair

PRIVATE, PUBLIC = new_key_pair()
VECTOR_BODY = (
    b'{"partnerReferenceNo":"2020102900000000000001","amount":{"value":"12345678.00","currency":"IDR"},'
    b'"feeAmount":{"value":"12345678.00","currency":"IDR"},"merchantId":"00007100010926",'
    b'"terminalId":"213141251124","validityPeriod":"2009-07-03T12:08:56-07:00"}'
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


def test_the_published_vector_is_met() -> None:
    signature = StandardSigner("myclientsecret", PRIVATE).call_signature(
        "POST", "/v1.0/qr/qr-mpm-generate", "myaccesstoken", VECTOR_BODY, "2024-03-05T10:37:16.196Z"
    )
    assert body_hash(VECTOR_BODY) == "01463f60dbb6ca538581579dd95b31c8ba9fc6600eca750e4d8460ca4e402111"
    assert signature == "wmzT7yjg1SxxCsxNsFgCR9SYXiZGGbceF6fV8xe97sAMHxZ+7OEBMIBmvb6Sj6GcksGp3iv77DiomgSbcST3XQ=="


def test_the_layout_of_a_body_does_not_change_its_signature() -> None:
    spread = json.dumps(json.loads(VECTOR_BODY), indent=4).encode()
    assert spread != VECTOR_BODY
    assert body_hash(spread) == body_hash(VECTOR_BODY)


@pytest.mark.parametrize(
    ("body", "minified"),
    [
        (b'{ "a" :\t1 ,\r\n"b" : [ ] }', b'{"a":1,"b":[]}'),
        (b'{"name": "Siti  Nur\\t "}', b'{"name":"Siti  Nur\\t "}'),
        (b'{"quote \\" here": "a \\\\" , "b": " "}', b'{"quote \\" here":"a \\\\","b":" "}'),
        ('{"nama": "Jokó  Widodo", "x": "\u00a0 "}'.encode(), '{"nama":"Jokó  Widodo","x":"\u00a0 "}'.encode()),
        (b"", b""),
    ],
)
def test_white_space_goes_outside_strings_only(body: bytes, minified: bytes) -> None:
    assert minify(body) == minified


@settings(max_examples=40, deadline=None, derandomize=True)
@given(JSON, st.sampled_from([None, 0, 1, 4, "\t"]))
def test_both_sides_read_the_same_text(value: object, indent: int | str | None) -> None:
    body = json.dumps(value, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert minify(body) == without_white_space(body) == compact


def test_the_token_is_asked_for_with_our_private_key() -> None:
    signature = StandardSigner("secret", PRIVATE).token_signature("client", "2026-03-02T12:00:00+07:00")
    key = load_pem_public_key(PUBLIC.encode())
    assert isinstance(key, RSAPublicKey)
    key.verify(base64.b64decode(signature), b"client|2026-03-02T12:00:00+07:00", PKCS1v15(), SHA256())
    assert len(base64.b64decode(signature)) == 256


@pytest.mark.parametrize("part", ["method", "path", "token", "body", "timestamp", "secret"])
def test_a_change_of_anything_changes_the_signature(part: str) -> None:
    true = {"method": "POST", "path": "/p", "token": "t", "body": "{}", "timestamp": "1", "secret": "s"}

    def signature(secret: str, method: str, path: str, token: str, body: str, timestamp: str) -> str:
        return StandardSigner(secret, PRIVATE).call_signature(method, path, token, body.encode(), timestamp)

    assert signature(**{**true, part: true[part] + "2"}) != signature(**true)


@pytest.mark.parametrize("pem", ["", "not a key", PUBLIC, PRIVATE[:200]])
def test_a_key_that_cannot_be_read_stops_us_without_being_shown(pem: str) -> None:
    with pytest.raises(Misconfigured, match="bank_key_unreadable") as failure:
        StandardSigner("secret", pem)
    assert failure.value.__context__ is None
