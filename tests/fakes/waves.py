"""Waves with their entries, and the published draws."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.domain.errors import AlreadyDone, Misconfigured
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.selection import Draw
from chalicelib.domain.waves import Wave, WaveEntry, shard_of
from tests.fakes.shelves import FakeStore, Shelf
from tests.fakes.trouble import Fake, Trouble, outside


class FakeWaves(FakeStore):
    name = "waves"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._waves: Shelf[WaveNumber, Wave] = Shelf()
        self._entries: Shelf[tuple[WaveNumber, ApplicantId], WaveEntry] = Shelf()
        self._shards: dict[tuple[WaveNumber, int], set[ApplicantId]] = {}

    @outside
    def add(self, wave: Wave) -> None:
        try:
            self._add(self._waves.put(wave.number, replace(wave, version=1)))
        except AlreadyDone:
            raise AlreadyDone("wave_already_planned", field="number") from None

    @outside
    def get(self, number: WaveNumber) -> Wave | None:
        return self._waves.get(number)

    @outside
    def save(self, wave: Wave) -> None:
        self._save(self._waves.put(wave.number, replace(wave, version=wave.version + 1), wave.version))

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
        moved = replace(entry, version=entry.version + 1)
        self._save(self._entries.put((entry.wave, entry.applicant_id), moved, entry.version))
        self._note_shard(entry)

    def _note_shard(self, entry: WaveEntry) -> None:
        self._shards.setdefault((entry.wave, shard_of(entry.applicant_id)), set()).add(entry.applicant_id)


class FakeDraws(Fake):
    name = "draws"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._published: dict[int, Draw] = {}

    @outside
    def publish(self, draw: Draw) -> str:
        published = self._published.setdefault(draw.wave, draw)
        if published != draw:
            raise Misconfigured("draw_differs_from_published", wave=draw.wave)
        return hashlib.sha256(repr(draw).encode()).hexdigest()

    @outside
    def get(self, wave: WaveNumber) -> Draw | None:
        return self._published.get(int(wave))

    @outside
    def download_url(self, wave: WaveNumber) -> str:
        return f"https://files.example/draws/wave-{int(wave):06d}.json"
