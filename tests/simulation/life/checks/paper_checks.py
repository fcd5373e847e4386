"""S7 and S8: nothing on record is changed, and nothing personal leaves in a message, a line of the log or a metric."""

import json
import re
from collections import defaultdict
from typing import Any

from chalicelib.domain.audit import Entry, digest_of, genesis
from chalicelib.domain.commands import Queue
from tests.simulation.life.checks.checker import Checker

_CARRIES_THE_ADDRESS = Queue.REGISTRATIONS_TO_OPEN


class TheRecordHolds(Checker):
    name = "S7"

    def __init__(self, town: Any) -> None:
        super().__init__(town)
        self._chains: defaultdict[int, list[Entry]] = defaultdict(list)

    def hear(self, before: Any, after: Any) -> None:
        if not isinstance(after, Entry):
            return
        chain = self._chains[after.chain]
        last = chain[-1].digest if chain else genesis(after.chain)
        if before is not None or after.number != len(chain) + 1:
            self.broken(f"entry {after.number} of chain {after.chain} was written over, or stands out of place")
        if after.previous != last or after.digest != digest_of(after):
            self.broken(f"entry {after.number} of chain {after.chain} does not follow from the one before it")
        chain.append(after)


class NothingPersonalLeaves(Checker):
    """Sought for: what the people of this town have, each for themselves."""

    name = "S8"
    _secrets: re.Pattern[str] | None = None

    def _pattern(self) -> re.Pattern[str]:
        if self._secrets is None:
            words: set[str] = set()
            for person in self.town.people:
                truth = person.truth
                words |= {truth.nik, truth.family_card_no, truth.phone, person.account_no, person.email}
                words |= {truth.mother_name, person.states.mother_name}
            self._secrets = re.compile("|".join(sorted(map(re.escape, words))))
        return self._secrets

    def see(self, queue: Queue, body: Any) -> None:
        if queue is not _CARRIES_THE_ADDRESS and self._pattern().search(json.dumps(body)):
            self.broken(f"a message on {queue} carries a personal value")

    def overhear(self, line: str) -> None:
        if self._pattern().search(line):
            self.broken(f"the log carries a personal value: {line.split()[0]}")
