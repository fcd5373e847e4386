"""drand's public API: one round of a chain, by number.

Source: drand.love, "HTTP API" (``/{chain hash}/public/{round}``) and the League of Entropy's chain *quicknet*:
unchained, a round every three seconds. A round's randomness is the SHA-256 of its signature. We check that, and that it
is the round we asked for; the signature itself (BLS12-381) can be checked by anybody against the chain's key.
"""

import re
from datetime import datetime, timedelta

from chalicelib.adapters.http import HttpAnswer, JsonCaller, NoAnswer
from chalicelib.domain.errors import BeaconUnavailable
from chalicelib.domain.selection.beacon import RandomValue, Timetable
from chalicelib.domain.time import from_epoch

QUICKNET_TIMES = Timetable(from_epoch(1_692_803_367), timedelta(seconds=3))
_HEX = re.compile(r"(?:[0-9a-f]{2}){1,256}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class DrandBeacon:
    def __init__(self, base_url: str, chain: str, http: JsonCaller) -> None:
        self._url = base_url.rstrip("/")
        self.chain = chain
        self._http = http

    def round_at(self, moment: datetime) -> int:
        return QUICKNET_TIMES.round_at(moment)

    def comes_at(self, round: int) -> datetime:
        return QUICKNET_TIMES.comes_at(round)

    def value(self, round: int) -> RandomValue:
        try:
            answer = self._http.get(f"{self._url}/{self.chain}/public/{round}")
        except NoAnswer as silence:
            raise BeaconUnavailable("beacon_unavailable", cause=str(silence)) from None
        value = _value(answer, self.chain)
        if value.round != round or not value.is_whole():
            raise BeaconUnavailable("beacon_answer_unreadable", round=round)
        return value


def _value(answer: HttpAnswer, chain: str) -> RandomValue:
    content = answer.json_object()
    if answer.status != 200 or content is None:
        raise BeaconUnavailable("round_has_not_come", status=answer.status)
    round, randomness, signature = (content.get(name) for name in ("round", "randomness", "signature"))
    if type(round) is not int or not _is(_DIGEST, randomness) or not _is(_HEX, signature):
        raise BeaconUnavailable("beacon_answer_unreadable")
    return RandomValue(chain, round, str(randomness), str(signature))


def _is(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None
