"""What of a wave's draw is published so far, for whoever wants to check it."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.waves import Wave
from chalicelib.ports import DrawFiles, Waves
from chalicelib.use_cases.selection.draw_papers import draw_record_of
from chalicelib.use_cases.selection.names import bundle_name, frozen_bundle_name


@dataclass(frozen=True, slots=True)
class PublishedDraw:
    """``sha256`` of the bundle; ``annulled``: why, where it was."""

    attempt: int
    seed: str
    url: str
    sha256: str
    annulled: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedDraws:
    wave: Wave
    frozen_root: str
    frozen_list_url: str
    draws: Sequence[PublishedDraw]


def read_draws(number: WaveNumber, *, waves: Waves, files: DrawFiles) -> PublishedDraws:
    """``NotFound`` while not even the list is frozen. Annulled draws stay published, before the one that counts."""
    wave = waves.get(number)
    if wave is None:
        raise NotFound("wave_unknown", field="number")
    if wave.frozen_root is None:
        raise NotFound("draw_not_published", field="number")
    annulled = {each.attempt: each for each in wave.annulments if each.attempt < wave.draw_attempt}
    draws = [_published(wave, each.attempt, each.draw_digest, each.reason, files) for each in annulled.values()]
    if wave.draw_digest:
        draws.append(_published(wave, wave.draw_attempt, wave.draw_digest, None, files))
    url = files.download_url(frozen_bundle_name(number))
    return PublishedDraws(wave, wave.frozen_root, url, draws)


def _published(wave: Wave, attempt: int, digest: str, annulled: str | None, files: DrawFiles) -> PublishedDraw:
    seed = draw_record_of(wave.number, attempt, files=files)["seed"]
    return PublishedDraw(attempt, seed, files.download_url(bundle_name(wave.number, attempt)), digest, annulled)
