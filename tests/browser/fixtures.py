"""What the browser is given, as JSON: the page as its door answers, and receipts of a draw made from the specification.

Called by the tests beside it: ``python -m tests.browser.fixtures``.
"""

import json
import sys
from typing import Any

from app import app
from infra.local.http_server import Application
from infra.local.pages import LocalRequest
from tests.draw_bundles import bundle
from tests.draw_receipts import before_the_draw, receipt
from tests.unit.draws.alterations import a_wave

STATES = ("chosen", "not_chosen", "excluded")


def receipts() -> dict[str, Any]:
    """One of each state, from pages that have neighbours."""
    wave = a_wave(3_000)
    drawn = bundle(wave)
    found: dict[str, Any] = {}
    for person in (each for each in wave.people if each.province == "32"):
        told = receipt(drawn, wave, person)
        if (told["state"] == "excluded") == told["in_families"] and told["places"]:
            found.setdefault(told["state"], told)
        if len(found) == len(STATES):
            break
    return {**found, "listed": before_the_draw(found["chosen"])}


def page(path: str) -> dict[str, Any]:
    answer = Application(app)(LocalRequest("GET", path, "", []))
    return {"status": answer.status, "headers": dict(answer.headers), "body": answer.body.decode()}


if __name__ == "__main__":
    json.dump({"page": page("/draws"), "receipts": receipts()}, sys.stdout)
