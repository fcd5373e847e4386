"""The laptop's secrets: made once; what an older version made is kept, because tables were written under its keys."""

import json
from pathlib import Path

import pytest

from infra.local.neighbours import credentials


def test_secrets_are_made_once(tmp_path: Path) -> None:
    made = credentials(tmp_path)
    assert credentials(tmp_path) == made
    assert made["receipt-signing"]["keys"]["1"] != made["index-keys"]["keys"]["1"]


@pytest.mark.parametrize("missing", ["receipt-signing", "sendgrid-webhook"])
def test_what_an_older_version_made_is_kept_and_what_it_lacked_is_added(tmp_path: Path, missing: str) -> None:
    before = credentials(tmp_path)
    older = {name: each for name, each in before.items() if name != missing}
    (tmp_path / "credentials.json").write_text(json.dumps(older))
    after = credentials(tmp_path)
    assert after.keys() == before.keys()
    halves = {"sendgrid-webhook", "sendgrid_webhook_private_key"}
    renewed = halves if missing == "sendgrid-webhook" else {missing}
    assert {name for name in before if before[name] != after[name]} == renewed
