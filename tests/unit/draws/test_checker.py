"""``verify_draw.py`` against draws that were made from the specification in another, slower way."""

import json
import random
from pathlib import Path

import pytest

from chalicelib.web.static.verify_draw import main
from tests.draw_bundles import bundle, random_wave


@pytest.mark.parametrize("number", range(150))
def test_a_draw_by_the_rule_is_right(number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wave = random_wave(random.Random(number))
    file = tmp_path / "bundle"
    file.write_bytes(bundle(wave).written())
    assert (main([str(file), "--json"]), json.loads(capsys.readouterr().out)["holds"]) == (0, True)
