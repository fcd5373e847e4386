"""The same people and quotas for sortition-algorithms' legacy algorithm, which is what citizens' assemblies draw with.

It is asked for as much of our work as it can say: places of each province, give or take one (with exact ones it found
no selection in twenty attempts, even without other quotas), and at least the reserved ones for women and people with
disabilities. Groups, families, lots that can be repeated and the file it does not know.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib.domain.selection.layout import Flag
from infra.draw_plan.published_file import PublishedFile, published_file
from infra.draw_plan.whole import WholeDraw, draw_file
from tests.benchmarks.draw_waves import wave_file
from tests.benchmarks.figure import Figure
from tests.draw_bundles import SECRET

_PYTHON = Path(__file__).parents[2] / ".venv-sortition/bin/python"
_MISSING = "sortition-algorithms is not installed: make .venv-sortition/.installed"
_PEOPLE, _ONE_IN = 10_000, 8
_ROUNDS = 3


def against_sortition(people: int = _PEOPLE) -> Iterator[Figure]:
    if not _PYTHON.exists():
        print(f"  {_MISSING}", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = published_file(wave_file(Path(folder), people, people // _ONE_IN))
        asked = json.dumps(_asked(file, _drawn(file)[1]))
        rounds = []
        for turn in range(_ROUNDS):
            print(f"  draw_against_sortition, round {turn + 1} of {_ROUNDS}", file=sys.stderr)
            rounds.append((_theirs(asked), statistics.median(_drawn(file)[0] for _ in range(5))))
    ratio = statistics.median(theirs / ours for theirs, ours in rounds)
    ours = statistics.median(ours for _, ours in rounds)
    unit = f"CPU seconds for {people // _ONE_IN:,} of {people:,} people, ours from the file in one process"
    yield Figure("draw_against_sortition", ratio * ours, ours, unit, 100, at_least=True)


def _drawn(file: PublishedFile) -> tuple[float, WholeDraw]:
    begun = time.process_time()
    whole = draw_file(file, SECRET, "ab" * 32, processes=1)
    return time.process_time() - begun, whole


def _asked(file: PublishedFile, whole: WholeDraw) -> dict[str, Any]:
    places = {code: each.places for code, each in whole.allotments.items()}
    wanted = sum(places.values())
    kept = {"women": 0, "disabled": 0}
    for each in whole.allotments.values():
        kept["women"] += each.women
        kept["disabled"] += each.disabled
    features = [_feature("province", code, max(0, count - 1), count + 1) for code, count in places.items()]
    features += [_feature("sex", "woman", kept["women"], wanted), _feature("sex", "man", 0, wanted)]
    features += [_feature("disability", "yes", kept["disabled"], wanted), _feature("disability", "no", 0, wanted)]
    people = [
        {
            "id": row["pseudonym"].tobytes().hex(),
            "province": code,
            "sex": "woman" if row["flags"] & Flag.WOMAN else "man",
            "disability": "yes" if row["flags"] & Flag.DISABLED else "no",
        }
        for code in file.begins
        for row in file.list_of(code)
    ]
    return {"people": people, "features": features, "wanted": wanted}


def _feature(name: str, value: str, least: int, most: int) -> dict[str, str]:
    return {"feature": name, "value": value, "min": str(least), "max": str(most)}


def _theirs(asked: str) -> float:
    script = str(Path(__file__).with_name("sortition_run.py"))
    ended = subprocess.run([str(_PYTHON), script], input=asked, capture_output=True, text=True, timeout=300, check=True)
    told = json.loads(ended.stdout.splitlines()[-1])
    if not told["selected"]:
        raise RuntimeError(f"it found no selection: {told['said']}")
    return float(told["seconds"])
