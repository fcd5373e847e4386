"""What the published checker says of a bundle."""

import io
import json
from contextlib import redirect_stdout
from pathlib import Path

from chalicelib.web.static.verify_draw import main


def problem_with(bundle: bytes, folder: Path) -> str | None:
    """None when the draw is right to the last byte; else the sentence that names the first thing wrong."""
    file = folder / "draw.bundle"
    file.write_bytes(bundle)
    said = io.StringIO()
    with redirect_stdout(said):
        is_wrong = main([str(file), "--json"])
    return str(json.loads(said.getvalue())) if is_wrong else None
