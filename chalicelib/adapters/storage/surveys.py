"""Table ``surveys``: what people answered, sealed."""

import json
from collections.abc import Mapping
from datetime import datetime

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage.fields import from_fields, plain, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, add, found
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import ApplicantId
from chalicelib.domain.incentives import MOST_PERIODS
from chalicelib.domain.surveys import FilledSurvey
from chalicelib.settings import region, resource_name


class SurveyItem(Item):
    """pk = applicant id, sk = ``survey#`` and its number in two digits. Written once, never changed."""

    class Meta:
        table_name = resource_name("surveys")
        region = region()
        connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]

    applicant_id = UnicodeAttribute()
    scheme = UnicodeAttribute()
    number = NumberAttribute()
    answers = BinaryAttribute(legacy_encoding=False)
    filled_at = UnicodeAttribute()


class SurveyTable:
    def __init__(self, sealer: KmsSealer) -> None:
        self._sealer = sealer

    def add(self, filled: FilledSurvey) -> None:
        id, sk = filled.applicant_id, _sk(filled.number)
        document = json.dumps(plain(filled.answers)).encode()
        sealed = self._sealer.seal(document, place=_place(id, sk))
        written = to_fields(filled, without=("answers",))
        add(SurveyItem(id, sk, kind="survey", id=id, state="filled", answers=sealed, **written))

    def get(self, applicant_id: ApplicantId, number: int) -> FilledSurvey | None:
        item = found(SurveyItem, applicant_id, _sk(number))
        if item is None:
            return None
        opened = self._sealer.open(item.answers, place=_place(applicant_id, item.sk))
        return from_fields(FilledSurvey, item, answers=json.loads(opened))

    def filled(self, applicant_id: ApplicantId) -> Mapping[int, datetime]:
        try:
            items = SurveyItem.query(applicant_id, consistent_read=True, limit=MOST_PERIODS)
            return {int(item.number): datetime.fromisoformat(item.filled_at) for item in items}
        except PynamoDBException as error:
            raise StoreUnavailable from error


def _sk(number: int) -> str:
    return f"survey#{number:02d}"


def _place(id: str, sk: str) -> str:
    return f"surveys/{id}/{sk}"
