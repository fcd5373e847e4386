"""Processes that outlive a killed application, known by a file: whoever comes next uses them, and stops them."""

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

_STOP_SECONDS = 10.0


def note_process(path: Path, pid: int) -> None:
    path.write_text(json.dumps({"pid": pid, "born": _born(pid)}))


def stop_noted(path: Path) -> None:
    """Stop the process that the file names, if it is still that one: numbers are used again."""
    if not path.exists():
        return
    noted = json.loads(path.read_text())
    path.unlink()
    if noted["born"] and _born(noted["pid"]) == noted["born"]:
        _stop(noted["pid"])


def _stop(pid: int) -> None:
    deadline = time.monotonic() + _STOP_SECONDS
    os.kill(pid, signal.SIGTERM)
    while _born(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            deadline += _STOP_SECONDS
        time.sleep(0.05)


def _born(pid: int) -> str:
    """When it began, in the kernel's ticks; nothing when there is no such process, or only its remains."""
    with suppress(ChildProcessError):  # not our child: whoever inherited it reaps it
        os.waitpid(pid, os.WNOHANG)
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if after_name[0] == "Z" else after_name[19]
