"""Checks a published draw as anybody would: fetches its bundle and the checker, and runs the one on the other."""

import hashlib
import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_CHECK_SECONDS = 120


def problem_with(draws: dict[str, Any], url: str, *, noted_root: str) -> str | None:
    """``draws``: as ``GET /v1/waves/{number}/draw`` tells; ``noted_root``: of the list, written down before the draw.
    None when everything holds; else the first thing wrong."""
    (draw,) = [each for each in draws["draws"] if not each["annulled"]]
    bundle = _fetched(draw["url"])
    if hashlib.sha256(bundle).hexdigest() != draw["sha256"]:
        return "the file is not the one that was announced"
    with tempfile.TemporaryDirectory() as folder:
        checker, file = Path(folder) / "verify_draw.py", Path(folder) / "draw.bundle"
        checker.write_bytes(_fetched(f"{url}/verify_draw.py"))
        file.write_bytes(bundle)
        command = [sys.executable, str(checker), str(file), "--root", noted_root, "--json"]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=_CHECK_SECONDS, check=False)
    return None if ran.returncode == 0 else str(json.loads(ran.stdout or "{}") or ran.stderr)


def _fetched(url: str) -> bytes:
    with _DIRECT.open(url, timeout=60) as answer:
        content: bytes = answer.read()
    return content
