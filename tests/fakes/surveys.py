"""Surveys that were filled."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.surveys import FilledSurvey
from tests.fakes.shelves import FakeStore, Shelf
from tests.fakes.trouble import Trouble, outside


class FakeSurveys(FakeStore):
    name = "surveys"

    def __init__(self, trouble: Trouble | None = None) -> None:
        super().__init__(trouble)
        self._filled: Shelf[tuple[ApplicantId, int], FilledSurvey] = Shelf()

    @outside
    def add(self, filled: FilledSurvey) -> None:
        self._add(self._filled.put((filled.applicant_id, filled.number), filled))

    @outside
    def get(self, applicant_id: ApplicantId, number: int) -> FilledSurvey | None:
        return self._filled.get((applicant_id, number))

    @outside
    def filled(self, applicant_id: ApplicantId) -> Mapping[int, datetime]:
        return {each.number: each.filled_at for each in self._filled.values() if each.applicant_id == applicant_id}
