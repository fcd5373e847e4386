"""A ministry's registers on the laptop (education, or social aid): who stands on which list."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from infra.local.standins.behaviour import option
from infra.local.standins.faults import WireFaults
from infra.local.standins.messages import Reply, Request, json_reply, refusal
from infra.local.standins.server import StandIn


@dataclass(frozen=True, kw_only=True)
class ListsBehaviour(WireFaults):
    refuse_key: bool = option(False, "answer HTTP 401 to everybody")
    rate_limited: bool = option(False, "answer HTTP 429 to everybody")
    inactive: bool = option(False, "answer that every match has ended")
    bare: bool = option(False, "answer the first match alone, without a list around it", lasting=True)


class ListsStandIn(StandIn[ListsBehaviour]):
    """``lists``: by NIK, the (source, category) pairs on which the person stands, e.g. ("DAPODIK", "student")."""

    def __init__(
        self,
        lists: Callable[[str], tuple[tuple[str, str], ...]],
        *,
        api_key: str,
        now: Callable[[], datetime],
        name: str = "Education registers",
        chance: random.Random | None = None,
    ) -> None:
        super().__init__(ListsBehaviour, now=now, chance=chance)
        self.title = name
        self._lists = lists
        self._authorization = f"Bearer {api_key}"

    def asked(self, request: Request) -> Mapping[str, object]:
        return {"nik": str(request.json_object().get("nik", ""))}

    def answer(self, request: Request, behaviour: ListsBehaviour) -> Reply:
        question = request.json_object()
        if request.path != "/v1/match":
            return refusal(404, "no such call")
        if behaviour.refuse_key or request.headers.get("authorization") != self._authorization:
            return refusal(401, "unknown key")
        if behaviour.rate_limited:
            return refusal(429, "too many calls")
        if not _is_question(question):
            return refusal(400, "nik has 16 digits, birth_date is an ISO date")
        return self._matches(str(question["nik"]), behaviour)

    def _matches(self, nik: str, behaviour: ListsBehaviour) -> Reply:
        pairs = self._lists(nik)
        found = {"active": not behaviour.inactive, "as_of": self.now().isoformat()}
        matches = [{"source": source, "category": category, **found} for source, category in pairs]
        if not behaviour.bare:
            return json_reply({"matches": matches}, did=f"{len(matches)} matches")
        nothing = {"source": "", "category": "", **found, "active": False}
        return json_reply(matches[0] if matches else nothing, did=f"{len(matches)} matches, bare")


def _is_question(question: Mapping[str, object]) -> bool:
    try:
        date.fromisoformat(str(question.get("birth_date")))
    except ValueError:
        return False
    return bool(re.fullmatch(r"\d{16}", str(question.get("nik", ""))))
