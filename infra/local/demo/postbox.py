"""Reads the local mailbox as each person would read their own: by address, for the newest link or code."""

import re
import threading
import time
from collections import defaultdict
from typing import Any

from infra.local.demo.api import Api

_LINK = re.compile(r"#(\S+)")
_CODE = re.compile(r"^\d{6}$", re.MULTILINE)
_AWARDED = "Nomor kartu Anda berakhiran"
_PAGE = 1000


class Postbox:
    def __init__(self, api: Api, wait_seconds: float = 120.0) -> None:
        self._api = api
        self._wait_seconds = wait_seconds
        self._after = "start"  # an id nobody has: from the first mail on
        self._texts: dict[str, list[str]] = defaultdict(list)
        self._lock = threading.Lock()
        self.count = 0

    def link_token(self, address: str, *, newer_than: int = 0) -> str:
        return str(_LINK.findall(self._newest(address, _LINK, newer_than))[-1])

    def code(self, address: str, *, newer_than: int = 0) -> str:
        return str(_CODE.findall(self._newest(address, _CODE, newer_than))[-1])

    def received(self, address: str) -> int:
        """How many mails lie there: what comes later is newer than this."""
        with self._lock:
            return len(self._texts[address])

    def tells_of_award(self, address: str) -> bool:
        with self._lock:
            return any(_AWARDED in text for text in self._texts[address])

    def _newest(self, address: str, wanted: re.Pattern[str], newer_than: int) -> str:
        deadline = time.monotonic() + self._wait_seconds
        while time.monotonic() < deadline:
            with self._lock:
                found = [text for text in self._texts[address][newer_than:] if wanted.search(text)]
            if found:
                return found[-1]
            self.fetch()
            time.sleep(0.05)
        raise TimeoutError(f"no mail with {wanted.pattern} came within {self._wait_seconds:.0f} s")

    def fetch(self) -> None:
        with self._lock:
            while self._page():
                pass

    def _page(self) -> bool:
        """Take in one page; whether there may be another."""
        mails: list[dict[str, Any]] = self._api.get(f"/mailbox.json?after={self._after}&limit={_PAGE}")["mails"]
        for mail in mails:
            for address in mail["to"]:
                self._texts[address].append(mail["text"])
            self._after = mail["id"]
            self.count += 1
        return len(mails) == _PAGE
