"""Waves with their entries, files of draws, and the public random values."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.errors import AlreadyDone, BeaconUnavailable, Misconfigured, NotFound, StaleWrite
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.selection.beacon import RandomValue, Timetable
from chalicelib.domain.selection.work import DrawWork
from chalicelib.domain.waves import Wave, WaveEntry, WaveState, next_step, shard_of
from tests.fakes.shelves import FakeStore, Look, Put, Refused, Shelf
from tests.fakes.surroundings import NOON, FakeClock
from tests.fakes.trouble import Fake, Trouble, outside


class FakeWaves(FakeStore):
    name = "waves"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._waves: Shelf[WaveNumber, Wave] = Shelf()
        self._entries: Shelf[tuple[WaveNumber, ApplicantId], WaveEntry] = Shelf()
        self._shards: dict[tuple[WaveNumber, int], set[ApplicantId]] = {}

    @outside
    def add(self, wave: Wave, *, recovered: Sequence[Wave] = ()) -> None:
        try:
            self._write(*self._puts(replace(wave, version=0), recovered))
        except Refused as refused:
            if 0 in refused.places:
                raise AlreadyDone("wave_already_planned", field="number") from None
            raise StaleWrite from None

    @outside
    def get(self, number: WaveNumber) -> Wave | None:
        return self._waves.get(number)

    @outside
    def save(self, wave: Wave, *, recovered: Sequence[Wave] = ()) -> None:
        try:
            self._write(*self._puts(wave, recovered))
        except Refused:
            raise StaleWrite from None

    def _puts(self, wave: Wave, recovered: Sequence[Wave]) -> list[Put]:
        moved = [(each, replace(each, version=each.version + 1)) for each in (wave, *recovered)]
        return [self._waves.put(read.number, written, read.version) for read, written in moved]

    @outside
    def due(self, *, now: datetime, limit: int) -> Sequence[Wave]:
        steps = [(step[1], wave) for wave in self._waves.values() if (step := next_step(wave))]
        return [wave for moment, wave in sorted(steps, key=lambda step: step[0]) if moment <= now][:limit]

    @outside
    def opened(self, *, now: datetime, limit: int) -> Sequence[Wave]:
        return [wave for wave in self._by_opening()[::-1] if wave.opens_at <= now][:limit]

    @outside
    def to_open(self, *, now: datetime, limit: int) -> Sequence[Wave]:
        return [wave for wave in self._by_opening() if wave.opens_at > now][:limit]

    def _by_opening(self) -> list[Wave]:
        approved = [wave for wave in self._waves.values() if wave.state is not WaveState.PLANNED]
        return sorted(approved, key=lambda wave: wave.opens_at)

    @outside
    def newest_first(self, *, limit: int, before: WaveNumber | None = None) -> Sequence[Wave]:
        older = [wave for wave in self._waves.values() if before is None or wave.number < before]
        return sorted(older, key=lambda wave: -wave.number)[:limit]

    @outside
    def add_entry(self, entry: WaveEntry) -> None:
        try:
            self._add(self._entries.put((entry.wave, entry.applicant_id), replace(entry, version=1)))
        except AlreadyDone:
            raise AlreadyDone("wave_already_joined", field="wave") from None
        self._note_shard(entry)

    @outside
    def entries_of(self, applicant_id: ApplicantId, waves: Sequence[WaveNumber]) -> Sequence[WaveEntry]:
        found = (self._entries.get((wave, applicant_id)) for wave in sorted(set(waves)))
        return [entry for entry in found if entry]

    @outside
    def entries_in_shard(self, wave: WaveNumber, shard: int) -> Iterator[WaveEntry]:
        found = (self._entries.get((wave, id)) for id in sorted(self._shards.get((wave, shard), ())))
        return iter([entry for entry in found if entry])

    @outside
    def save_entry(self, entry: WaveEntry) -> None:
        self._save(self.entry_put(entry))
        self._note_shard(entry)

    def entry_put(self, entry: WaveEntry) -> Put:
        """For a transaction that moves an entry."""
        moved = replace(entry, version=entry.version + 1)
        return self._entries.put((entry.wave, entry.applicant_id), moved, entry.version)

    def entry_as_read(self, entry: WaveEntry) -> Look:
        """For a transaction that rests on an entry."""
        return self._entries.look((entry.wave, entry.applicant_id), entry.version)

    @outside
    def count_in_shard(self, wave: WaveNumber, shard: int) -> int:
        return len(self._shards.get((wave, shard), ()))

    @outside
    def entries_after(
        self, wave: WaveNumber, shard: int, *, after: ApplicantId | None, limit: int
    ) -> Sequence[WaveEntry]:
        ids = [id for id in sorted(self._shards.get((wave, shard), ())) if after is None or id > after]
        return [entry for id in ids[:limit] if (entry := self._entries.get((wave, id)))]

    def all_entries(self) -> list[WaveEntry]:
        """For whoever checks: looking is no call outside."""
        return self._entries.values()

    def forget_entry(self, entry: WaveEntry) -> None:
        """As an operator might remove it from the table."""
        self._shards[entry.wave, shard_of(entry.applicant_id)].discard(entry.applicant_id)

    def _note_shard(self, entry: WaveEntry) -> None:
        self._shards.setdefault((entry.wave, shard_of(entry.applicant_id)), set()).add(entry.applicant_id)


class FakeDrawFiles(Fake):
    name = "draw_files"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._work: dict[str, bytes] = {}
        self._published: dict[str, bytes] = {}

    @outside
    def read(self, name: str) -> bytes:
        if name not in self._work:
            raise NotFound("draw_file_unknown", name=name)
        return self._work[name]

    @outside
    def read_part(self, name: str, *, start: int, length: int) -> bytes:
        return self._work.get(name, b"")[start : start + max(0, length)]

    @outside
    def size(self, name: str) -> int | None:
        return len(self._work[name]) if name in self._work else None

    @outside
    def write(self, name: str, content: bytes) -> None:
        self._work[name] = content

    def lose(self, name: str) -> None:
        """By nobody's call."""
        del self._work[name]

    @outside
    def keep(self, name: str, content: bytes) -> bytes:
        return self._work.setdefault(name, content)

    @outside
    def write_parts(self, name: str, parts: Iterable[bytes]) -> None:
        self._work[name] = b"".join(parts)

    @outside
    def copy(self, name: str, to: str) -> None:
        self._work[to] = self._work[name]

    @outside
    def names(self, prefix: str) -> Iterator[str]:
        return iter(sorted(name for name in self._work if name.startswith(prefix)))

    @outside
    def settle(self, name: str, content: bytes) -> bytes:
        return self._published.setdefault(name, content)

    @outside
    def publish(self, name: str, parts: Iterable[bytes]) -> str:
        content = b"".join(parts)
        if self._published.setdefault(name, content) != content:
            raise Misconfigured("draw_differs_from_published", name=name)
        return hashlib.sha256(content).hexdigest()

    @outside
    def published(self, name: str) -> bytes | None:
        return self._published.get(name)

    def published_names(self, prefix: str = "") -> list[str]:
        """For whoever checks: looking is no call outside."""
        return sorted(name for name in self._published if name.startswith(prefix))

    @outside
    def download_url(self, name: str) -> str:
        return f"https://files.example/{name}"


class FakeDrawWorks(FakeStore):
    name = "draw_works"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._works: Shelf[WaveNumber, DrawWork] = Shelf()

    @outside
    def get(self, wave: WaveNumber) -> DrawWork | None:
        return self._works.get(wave)

    @outside
    def save(self, work: DrawWork) -> None:
        self._save(self._works.put(work.wave, replace(work, version=work.version + 1), work.version))


class FakeBeacon(Fake):
    """Its values follow from their names, and come on time."""

    name = "beacon"
    chain = "00" * 32

    def __init__(self, clock: FakeClock, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._clock = clock
        self._timetable = Timetable(NOON - timedelta(days=365), timedelta(seconds=3))

    def round_at(self, moment: datetime) -> int:
        return self._timetable.round_at(moment)

    def comes_at(self, round: int) -> datetime:
        return self._timetable.comes_at(round)

    @outside
    def value(self, round: int) -> RandomValue:
        if self._clock.now() < self.comes_at(round):
            raise BeaconUnavailable("round_has_not_come", round=round)
        signature = hashlib.sha256(f"round {round}".encode()).digest()
        return RandomValue(self.chain, round, hashlib.sha256(signature).hexdigest(), signature.hex())
