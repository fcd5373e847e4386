"""What of a wave's draw is published so far, for whoever wants to check it: its conditions first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.errors import NotFound
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.records import conditions_digest
from chalicelib.domain.waves import Annulment, Wave, WaveState
from chalicelib.ports import DrawFiles, Waves
from chalicelib.use_cases.selection.conditions import conditions_for
from chalicelib.use_cases.selection.draw_papers import draw_record_of, frozen_list_of
from chalicelib.use_cases.selection.names import annulment_name, bundle_name, conditions_name, frozen_bundle_name


@dataclass(frozen=True, slots=True)
class PublishedDraw:
    """``sha256`` of the bundle; ``annulled``: why, where it was."""

    attempt: int
    seed: str
    url: str
    sha256: str
    annulled: str | None = None
    annulment_url: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedDraws:
    wave: Wave
    conditions_url: str | None
    frozen_root: str | None
    frozen_list_url: str | None
    draws: Sequence[PublishedDraw]


def read_draws(number: WaveNumber, *, waves: Waves, files: DrawFiles, chain: str) -> PublishedDraws:
    """``NotFound`` while the wave is not even approved. Annulled draws stay published, before the one that counts.
    ``chain``: of the beacon."""
    wave = waves.get(number)
    if wave is None:
        raise NotFound("wave_unknown", field="number")
    if wave.state is WaveState.PLANNED:
        raise NotFound("draw_not_published", field="number")
    annulled = {each.attempt: each for each in wave.annulments if each.attempt < wave.draw_attempt}
    draws = [_annulled(wave, each, files) for each in annulled.values()]
    if wave.draw_digest:
        draws.append(_published(wave, wave.draw_attempt, wave.draw_digest, files))
    url = files.download_url(frozen_bundle_name(number)) if wave.frozen_root else None
    return PublishedDraws(wave, _conditions_url(wave, chain, files), wave.frozen_root, url, draws)


def _conditions_url(wave: Wave, chain: str, files: DrawFiles) -> str | None:
    """Of those that the wave has now, or that its list was frozen with. None until they are published: a moment."""
    conditions = conditions_for(wave, chain=chain)
    if wave.frozen_root:
        conditions = frozen_list_of(wave.number, files=files)["conditions"]
    return _url(conditions_name(wave.number, conditions_digest(conditions)), files)


def _annulled(wave: Wave, annulment: Annulment, files: DrawFiles) -> PublishedDraw:
    draw = _published(wave, annulment.attempt, annulment.draw_digest, files)
    url = _url(annulment_name(wave.number, annulment.attempt), files)
    return replace(draw, annulled=annulment.reason, annulment_url=url)


def _published(wave: Wave, attempt: int, digest: str, files: DrawFiles) -> PublishedDraw:
    seed = draw_record_of(wave.number, attempt, files=files)["seed"]
    return PublishedDraw(attempt, seed, files.download_url(bundle_name(wave.number, attempt)), digest)


def _url(name: str, files: DrawFiles) -> str | None:
    return files.download_url(name) if files.published(name) is not None else None
