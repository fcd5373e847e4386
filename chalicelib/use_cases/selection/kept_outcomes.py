"""The outcomes of one draw, read once in an environment's life: hundreds of messages ask for the same."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.domain.errors import Misconfigured, NotFound
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.drawn_strata import DrawnStrata
from chalicelib.domain.selection.outcomes import Outcomes
from chalicelib.domain.selection.rows import EXCLUDED
from chalicelib.domain.selection.tickets import digest_of
from chalicelib.domain.waves import Wave
from chalicelib.ports import DrawFiles
from chalicelib.use_cases.selection.draw_papers import draw_record_of
from chalicelib.use_cases.selection.names import excluded_name, winners_name

Draw = tuple[WaveNumber, int]
"""Wave and attempt: what was drawn once is never drawn otherwise."""


class KeptOutcomes:
    def __init__(self, files: DrawFiles) -> None:
        self._files = files
        self._held: dict[Draw, tuple[Outcomes, DrawnStrata]] = {}

    def of(self, wave: Wave) -> Outcomes:
        return self._kept(wave)[0]

    def strata_of(self, wave: Wave) -> DrawnStrata:
        return self._kept(wave)[1]

    def _kept(self, wave: Wave) -> tuple[Outcomes, DrawnStrata]:
        draw = (wave.number, wave.draw_attempt)
        if draw not in self._held:
            self._held = {draw: self._read(draw)}
        return self._held[draw]

    def _read(self, draw: Draw) -> tuple[Outcomes, DrawnStrata]:
        """``Misconfigured`` unless the files are those that the published draw tells of: a lost file must not make
        anybody's place vanish."""
        record = draw_record_of(*draw, files=self._files)
        outcomes = Outcomes(list(self._winners(draw, record)), self._excluded(draw, record))
        return outcomes, DrawnStrata(record)

    def _winners(self, draw: Draw, record: Mapping[str, Any]) -> Iterator[bytes]:
        for province, section in record["winners"].items():
            rows = self._content(winners_name(*draw, province))
            if digest_of(rows) != section["sha256"]:
                raise Misconfigured("draw_differs_from_published", province=province)
            yield rows

    def _excluded(self, draw: Draw, record: Mapping[str, Any]) -> bytes:
        rows = self._content(excluded_name(*draw))
        if len(rows) != EXCLUDED.itemsize * sum(record["excluded"].values()):
            raise Misconfigured("draw_differs_from_published", section="excluded")
        return rows

    def _content(self, name: str) -> bytes:
        try:
            return self._files.read(name)
        except NotFound:
            return b""
