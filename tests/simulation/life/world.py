"""The world of one seed: the fakes of every port, with a bank, mail and uploads that live longer than a unit test."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from chalicelib.adapters.registries.loaded import LoadedLists
from chalicelib.adapters.storage.wave_look import CachedWaveLook
from chalicelib.domain.commands import Queue
from chalicelib.domain.mail import Mail
from chalicelib.domain.photos import PhotoReading, UploadForm
from chalicelib.use_cases.selection.kept_outcomes import KeptOutcomes
from tests.fakes import World
from tests.fakes.neighbours import FakeMailProvider
from tests.fakes.photos import FakePhotos, a_look
from tests.fakes.surroundings import FakeClock
from tests.fakes.trouble import outside
from tests.simulation.clock import SteppingClock
from tests.simulation.life.bank import LifeBank
from tests.simulation.life.letters import LifeMessages, LifeQueues
from tests.simulation.life.storm import Storm


class TrueTime(FakeClock):
    """What a neighbour's clock shows, whatever ours do."""

    def __init__(self, clock: SteppingClock) -> None:
        super().__init__()
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.at


class LifeProvider(FakeMailProvider):
    """Tells of each mail that it takes."""

    def __init__(self, name: str, storm: Storm) -> None:
        super().__init__(name, storm)
        self.arrives: Callable[[Mail], None] = lambda _mail: None

    @outside
    def send(self, mail: Mail) -> str:
        self.mails.append(mail)
        self.arrives(mail)
        return f"{self.name}-{len(self.mails)}"


class LifePhotos(FakePhotos):
    """Clean copies have names that are the same in every process."""

    def __init__(self, storm: Storm, clock: SteppingClock) -> None:
        super().__init__(storm)
        self._clock = clock

    def upload(self, form: UploadForm, fingerprint: str, *, is_fine: bool) -> str:
        """Somebody sends a picture; its object key."""
        key = form.fields["key"]
        size = (640, 480) if is_fine else None
        self._uploads[key] = (a_look(size, fingerprint=fingerprint) if size else None), self._clock.at
        return key

    @outside
    def examine(self, object_key: str) -> PhotoReading:
        from tests.fakes.photos import _owner

        applicant_id, kind = _owner(object_key)
        look, moment = self._uploads[object_key]
        clean_key = f"{object_key.replace('uploads/', 'photos/', 1)}.jpg"
        return PhotoReading(applicant_id, kind, clean_key, moment, look, clean_key.encode() if look else b"")


class _OpenGate:
    """Nobody is in a rush here: that is simulated in ``tests/simulation/site.py``."""

    def gate(self) -> None:
        return None


class LifeWorld(World):
    trouble: Storm
    messages: LifeMessages
    bank: LifeBank
    photos: LifePhotos
    providers: tuple[LifeProvider, LifeProvider]

    def __init__(
        self, seed: int, clock: SteppingClock, storm: Storm, chance: Random, seen: Callable[[Queue, Any], None]
    ) -> None:
        super().__init__(seed, clock=clock, trouble=storm)
        self.queues = LifeQueues(clock, chance, storm)
        self.messages = LifeMessages(self.queues, storm, seen)
        self.bank = LifeBank(clock, storm, chance)
        self.photos = LifePhotos(storm, clock)
        self.beacon = type(self.beacon)(TrueTime(clock), storm)
        self.gate_look = _OpenGate()
        self.rest_on_stores()
        self.providers = (LifeProvider("ses", storm), LifeProvider("sendgrid", storm))

    def rest_on_stores(self) -> None:
        """What looks into the stores, whichever they are, and keeps what it saw."""
        self.outcomes = KeptOutcomes(self.draw_files)
        self.wave_look = CachedWaveLook(self.waves, ticks=lambda: self.clock.at.timestamp())  # type: ignore[arg-type, assignment]
        self.loaded_lists = LoadedLists(self.lists, self.list_entries, self.indexer, now=lambda: self.clock.now())
