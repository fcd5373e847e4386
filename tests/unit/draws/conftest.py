import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.web.static.verify_draw import main

Checked = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Checked:
    """What the checker says of a bundle: its exit and its report."""

    def check(written: bytes, *options: str) -> tuple[int, dict[str, Any]]:
        file = tmp_path / "bundle"
        file.write_bytes(written)
        ended = main([str(file), "--json", *options])
        return ended, json.loads(capsys.readouterr().out)

    return check
