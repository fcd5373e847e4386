"""The environments of the function that takes registrations (``environment.py``): as on Lambda a process each, behind
one gateway. Threads that share one interpreter's lock take half as many.

For an engine that is a process itself; moto lives in the application's process, and the function with it.
"""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from infra.local.plain_request import BEGINNING
from infra.local.workers import Place

ENVIRONMENTS = 3
LONGEST_SOURCE = 64
_ROOT = Path(__file__).parents[2]
_FIRST_WORD_SECONDS = 5.0
_STOP_SECONDS = 15.0

TakeBack = Callable[[socket.socket, str], None]


class Environments:
    """Ends with the process that made it, however that ends."""

    def __init__(self, place: Place, binary_types: list[str], how_many: int = ENVIRONMENTS) -> None:
        told = {"clock": str(place.clock), "log": str(place.log), "binary_types": binary_types}
        self._orders = {**told, "parent": os.getpid()}
        self._how_many = how_many
        self._running: list[tuple[subprocess.Popen[bytes], socket.socket]] = []
        self._turn = count()

    def start(self, take_back: TakeBack) -> None:
        for _ in range(self._how_many):
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                orders = json.dumps({**self._orders, "above": theirs.fileno()})
                command = [sys.executable, "-m", "infra.local.environment", orders]
                process = subprocess.Popen(command, cwd=_ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
            self._running.append((process, ours))
            threading.Thread(target=_take_back_from, args=(ours, take_back), daemon=True).start()

    def pass_on(self, connection: socket.socket) -> bool:
        """True when one of them has it: its first request begins as a registration does. It may be another one all the
        same, or not be there as a whole: then it comes back."""
        connection.settimeout(_FIRST_WORD_SECONDS)
        try:
            if connection.recv(len(BEGINNING), socket.MSG_PEEK) != BEGINNING:
                return False
            source = str(connection.getpeername()[0])
            ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, connection.fileno().to_bytes(4, sys.byteorder))]
            _, above = self._running[next(self._turn) % self._how_many]
            # Whatever is wrong with the environment, nobody waits for it: who cannot pass a connection on serves it.
            above.sendmsg([source.encode()], ancillary, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        except OSError:
            return False
        return True

    @property
    def pids(self) -> list[int]:
        return [process.pid for process, _ in self._running]

    def stop(self) -> None:
        """Each answers what it has begun, and ends when nobody is above it."""
        for _, above in self._running:
            with suppress(OSError):  # it ended before
                above.shutdown(socket.SHUT_WR)
        for process, above in self._running:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            above.close()


def _take_back_from(above: socket.socket, take_back: TakeBack) -> None:
    with suppress(OSError):  # it was closed, at the end
        while True:
            source, numbers, _, _ = socket.recv_fds(above, LONGEST_SOURCE, 1)
            if not numbers:
                return
            take_back(socket.socket(fileno=numbers[0]), source.decode())
