"""drand on the laptop: a public random value every three seconds, none of them before its time.

It speaks drand's HTTP API (``/{chain}/info``, ``/{chain}/public/{round}``). A round's signature is not a threshold
signature but an HMAC under a key made at the start, which nobody can foretell either; its randomness is the SHA-256
of it, as drand's is.
"""

import hashlib
import hmac
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.adapters.drand import QUICKNET_TIMES
from infra.local.standins.behaviour import option
from infra.local.standins.faults import WireFaults
from infra.local.standins.messages import Reply, Request, json_reply, refusal
from infra.local.standins.server import StandIn

_PATH = re.compile(r"/(?P<chain>[0-9a-f]{64})/(?:(?P<info>info)|public/(?P<round>latest|[1-9]\d{0,15}))")


@dataclass(frozen=True, kw_only=True)
class BeaconBehaviour(WireFaults):
    other_randomness: bool = option(False, "answer a randomness that is not the hash of its signature")
    other_round: bool = option(False, "answer the round before the one that was asked for")
    late_seconds: int = option(0, "publish rounds so much later than they are due", lasting=True, shape=r"\d+")


class BeaconStandIn(StandIn[BeaconBehaviour]):
    title = "Public randomness (drand)"
    asked_by = "GET"

    def __init__(self, key: str, *, now: Callable[[], datetime], chance: random.Random | None = None) -> None:
        super().__init__(BeaconBehaviour, now=now, chance=chance)
        self._key = key.encode()

    def asked(self, request: Request) -> Mapping[str, object]:
        return {"path": request.path}

    def answer(self, request: Request, behaviour: BeaconBehaviour) -> Reply:
        asked = _PATH.fullmatch(request.path)
        if asked is None:
            return refusal(404, "no such chain or call")
        if asked["info"]:
            return self._told_of(asked["chain"])
        due = QUICKNET_TIMES.round_at(self.now()) - 1
        round = due if asked["round"] == "latest" else int(asked["round"])
        if QUICKNET_TIMES.comes_at(round + behaviour.late_seconds // 3) > self.now():
            return refusal(425, "too early")
        return self._value(round - behaviour.other_round, behaviour)

    def _value(self, round: int, behaviour: BeaconBehaviour) -> Reply:
        signature = hmac.new(self._key, str(round).encode(), hashlib.sha384).digest()
        randomness = hashlib.sha256(signature + b"?" * behaviour.other_randomness).hexdigest()
        return json_reply(
            {"round": round, "randomness": randomness, "signature": signature.hex()}, did=f"round {round}"
        )

    def _told_of(self, chain: str) -> Reply:
        return json_reply(
            {
                "period": int(QUICKNET_TIMES.period.total_seconds()),
                "genesis_time": int(QUICKNET_TIMES.began_at.timestamp()),
                "hash": chain,
                "schemeID": "stand-in",
            },
            did="info",
        )
