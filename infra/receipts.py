"""Check a receipt of eligibility, offline: no account, no network, nothing but the file and our published key.

``python -m infra.receipts verify FILE --key FILE`` tells whether we signed exactly this. FILE holds what
``GET /v1/me/eligibility`` shows under ``current`` or as one of ``kept``; the key's file is the reply of
``GET /v1/receipt-keys``, or a public key in PEM.

``python -m infra.receipts replay FILE [--scheme NAME] [--on DATE]`` decides again from the receipt's own inputs, by
another scheme or on another day if asked to, and tells whether it comes out the same.

Exit 0: genuine, or the same. Exit 1: not genuine, or not the same. Exit 2: there is nothing to check.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from chalicelib.adapters.signing import is_signed
from chalicelib.domain.eligibility import decide
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.receipts import SignedReceipt, canonical, facts_in, outcome_of, read_receipt
from chalicelib.domain.schemes import scheme_named

MOST_BYTES = 1_000_000
_PEM = "-----BEGIN PUBLIC KEY-----"
_HEX_OF_64_BYTES = re.compile(r"[0-9a-f]{128}")


class Unusable(Exception):
    """There is nothing to check; the message says what was expected."""


@dataclass(frozen=True)
class Finding:
    """``sentence`` is for people; ``details`` are what ``--json`` tells besides."""

    holds: bool
    sentence: str
    details: Mapping[str, Any] = field(default_factory=dict)


def verify(text: bytes, key_text: bytes) -> Finding:
    keys = _public_keys(key_text)
    try:
        receipt = read_receipt(text)
    except InvalidInput as mistake:
        return Finding(False, f"This is not a receipt of ours: {mistake.field}.")
    name = str(receipt.body.get("signed_by"))
    key = keys.get(name) or keys.get("")
    if key is None:
        return Finding(False, f"It says that key {name!r} signed it; the file of keys has {_names(keys)}.")
    if not _HEX_OF_64_BYTES.fullmatch(receipt.signature):
        return Finding(False, "Its signature is not 64 bytes in lower-case hex.")
    if not is_signed(canonical(receipt.body), bytes.fromhex(receipt.signature), key):
        return Finding(False, "The signature does not fit: the receipt was altered after it was signed, or not by us.")
    return Finding(True, f"Genuine. {_told(receipt)}", {"receipt": dict(receipt.body)})


def replay(text: bytes, *, scheme: str | None = None, on: date | None = None) -> Finding:
    try:
        receipt = read_receipt(text)
        facts, by = facts_in(receipt.body), scheme_named(scheme or str(receipt.body.get("scheme")))
        day = on or date.fromisoformat(str(receipt.body.get("decided_on")))
    except InvalidInput as mistake:
        raise Unusable(f"{mistake.field}: {mistake.details.get('known', 'this is not a receipt of ours')}") from None
    except ValueError:
        raise Unusable("decided_on: this is not a receipt of ours") from None
    again = outcome_of(decide(facts, by, on=day))
    asked = ({"scheme", "rules"} if scheme else set()) | ({"decided_on"} if on else set())
    differing = [name for name, value in again.items() if name not in asked and value != receipt.body.get(name)]
    return Finding(not differing, _compared(receipt, again, differing), {"again": again, "differs_in": differing})


def _compared(receipt: SignedReceipt, again: Mapping[str, Any], differing: list[str]) -> str:
    decided = f"Scheme {again['scheme']} on {again['decided_on']}: {_outcome(again)}"
    if not differing:
        return f"The same. {decided}."
    if differing == ["rules"]:
        return f"The rules of the scheme are no longer those of the receipt, and give the same. {decided}."
    return f"Not the same: {', '.join(differing)}. {decided}; the receipt says {_outcome(receipt.body)}."


def _outcome(body: Mapping[str, Any]) -> str:
    codes = [each["code"] for each in body.get("reasons", ())] or body.get("not_yet_known", ())
    return f"{body.get('outcome')}{' (' + ', '.join(codes) + ')' if codes else ''}"


def _told(receipt: SignedReceipt) -> str:
    body = receipt.body
    return f"Scheme {body['scheme']} on {body['decided_on']}: {_outcome(body)}."


# --- Keys -----------------------------------------------------------------------------------------------------


def _public_keys(text: bytes) -> dict[str, bytes]:
    """By name; a PEM has none, and serves for every name."""
    try:
        if text.lstrip().startswith(_PEM.encode()):
            return {"": _raw(load_pem_public_key(text))}
        return {str(each["key"]): bytes.fromhex(each["public_key"]) for each in json.loads(text)["keys"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        expected = "the reply of GET /v1/receipt-keys, or an Ed25519 public key in PEM"
        raise Unusable(f"the file of keys is not what is expected: {expected}") from None


def _raw(key: object) -> bytes:
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("another kind of key")
    return key.public_bytes_raw()


def _names(keys: Mapping[str, bytes]) -> str:
    return ", ".join(map(repr, sorted(keys))) or "none"


# --- The command ----------------------------------------------------------------------------------------------


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    try:
        text = _read(asked.file)
        if asked.act == "verify":
            found = verify(text, _read(asked.key))
        else:
            found = replay(text, scheme=asked.scheme, on=asked.on)
    except Unusable as unusable:
        return _say(Finding(False, f"{unusable}."), 2, as_json=asked.json)
    return _say(found, 0 if found.holds else 1, as_json=asked.json)


def _say(found: Finding, status: int, *, as_json: bool) -> int:
    told = {"holds": found.holds, "sentence": found.sentence, **found.details}
    print(json.dumps(told) if as_json else found.sentence, file=sys.stderr if status and not as_json else sys.stdout)
    return status


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unusable(f"{path}: {error.strerror}") from None
    if len(text) > MOST_BYTES:
        raise Unusable(f"{path}: larger than {MOST_BYTES} bytes, which no receipt is")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    acts = parser.add_subparsers(dest="act", required=True)
    for act in ("verify", "replay"):
        one = acts.add_parser(act)
        one.add_argument("file", type=Path, help="the receipt: a JSON object of receipt and signature")
        one.add_argument("--json", action="store_true", help="tell it for a program")
        if act == "verify":
            one.add_argument("--key", type=Path, required=True, help="reply of GET /v1/receipt-keys, or PEM")
        else:
            one.add_argument("--scheme", help="decide by this scheme instead of the receipt's")
            one.add_argument("--on", type=date.fromisoformat, help="decide as on this day, e.g. 2020-04-12")
    return parser


if __name__ == "__main__":
    sys.exit(main())
