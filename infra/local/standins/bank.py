"""A bank and wallet operator on the laptop that speaks BI-SNAP: services 73, 16, 18, 36, 37, 38 and 39."""

import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from infra.local.standins import bank_forms as forms
from infra.local.standins.bank_books import Transfer, TransferBooks
from infra.local.standins.bank_codes import MESSAGES, STATUS_TEXTS
from infra.local.standins.bank_door import Door, Partner, Refused
from infra.local.standins.bank_notices import Notices
from infra.local.standins.bank_rate import Rate
from infra.local.standins.behaviour import option
from infra.local.standins.books import MOST_ROWS_AT_ONCE
from infra.local.standins.faults import NOT_NEGATIVE, WireFaults
from infra.local.standins.messages import Reply, Request, json_reply, refusal
from infra.local.standins.server import Page, StandIn

SERVICES: Mapping[str, str] = {
    "/v1.0/access-token/b2b": "73",
    "/v1.0/account-inquiry-external": "16",
    "/v1.0/transfer-interbank": "18",
    "/v1.0/transfer/status": "36",
    "/v1.0/emoney/account-inquiry": "37",
    "/v1.0/emoney/topup": "38",
    "/v1.0/emoney/topup-status": "39",
}


@dataclass(frozen=True, kw_only=True)
class BankBehaviour(WireFaults):
    services: str = option(
        "", "services that the faults concern; empty: all in an outage, else 18,38", shape=r"|\d\d(,\d\d)*"
    )
    response_code: str = option("", "answer this HTTP status and case, like 40314", shape="|".join(["", *MESSAGES]))
    pays_anyway: bool = option(False, "carry the transfer out all the same, then answer response_code")
    lose_reply: bool = option(False, "carry it out, then close the connection")
    found_after_seconds: float = option(0.0, "an inquiry does not find it until then", shape=NOT_NEGATIVE)
    done_after_seconds: float = option(0.0, "it is pending until then", shape=NOT_NEGATIVE)
    ends_as: str = option("00", "what becomes of it: 00, or 04, 05, 06, 01, 02, 03", shape="0[0-6]")
    reverse_after_seconds: float = option(0.0, "a success goes back after this; 0: never", shape=NOT_NEGATIVE)
    notify_times: int = option(0, "tell of each transfer unasked, each notice so many times", shape=r"\d")
    notify_statuses: str = option("", "tell these, in this order (03,00); empty: as it is", shape=r"|0[0-7](,0[0-7])*")
    notify_first: bool = option(False, "tell before the answer, not after it")
    wrong_amount: bool = option(False, "state another amount in the answer")
    wrong_reference: bool = option(False, "state another reference in the answer")
    unknown_as_status_07: bool = option(False, "an unknown reference has status 07 instead of 404xx01", lasting=True)
    calls_per_second: float = option(0.0, "above this 429xx00; 0: no limit", lasting=True, shape=NOT_NEGATIVE)
    funds_rupiah: int = option(-1, "403xx14 when these are spent; -1: no end", lasting=True, shape=r"-1|\d+")


class BankStandIn(StandIn[BankBehaviour]):
    """``holder``: by bank (``bni``, ``ovo``, ... or a clearing code) and account number, whose account it is."""

    title = "Bank (BI-SNAP)"

    def __init__(
        self,
        holder: Callable[[str, str], str | None],
        *,
        partner: Partner,
        now: Callable[[], datetime],
        chance: random.Random | None = None,
        notices: Notices | None = None,
    ) -> None:
        super().__init__(BankBehaviour, now=now, chance=chance)
        self._notices = notices
        self._holder = holder
        self._door = Door(partner, now)
        self._rate = Rate(now)
        self.transfers = TransferBooks(now)

    def revoke_tokens(self) -> None:
        """Every token that is out becomes invalid, as after a restart of the bank."""
        self._door.revoke_tokens()

    def totals(self) -> dict[str, object]:
        return {**super().totals(), **self.transfers.totals()}

    def pages(self) -> Mapping[str, Page]:
        return {"/statement": self._statement, "/transfers": self._transfers_page, "/notices": self._notices_page}

    def concerns(self, request: Request, behaviour: BankBehaviour) -> bool:
        concerned = behaviour.services or ("" if behaviour.outage else "18,38")
        return not concerned or SERVICES.get(request.path) in concerned.split(",")

    def asked(self, request: Request) -> Mapping[str, object]:
        body = request.json_object()
        reference = body.get("partnerReferenceNo") or body.get("originalPartnerReferenceNo") or ""
        return {"service": SERVICES.get(request.path, ""), "reference": str(reference)}

    def answer(self, request: Request, behaviour: BankBehaviour) -> Reply:
        service = SERVICES.get(request.path)
        if service is None:
            return refusal(404, "no such service")
        try:
            return self._served(service, request, behaviour)
        except Refused as refused:
            return _reply(service, refused.case, {}, refused.what)

    def _served(self, service: str, request: Request, behaviour: BankBehaviour) -> Reply:
        if service == "73":
            if behaviour.response_code:
                raise Refused(behaviour.response_code)
            token = {"accessToken": self._door.token_for(request), "tokenType": "Bearer", "expiresIn": "900"}
            return _reply(service, "20000", token)
        external_id = self._door.admit(request)
        if not self._rate.allows(behaviour.calls_per_second):
            raise Refused("42900")
        if service in ("18", "38"):
            return self._transfer(service, request, external_id, behaviour)
        if behaviour.response_code:
            raise Refused(behaviour.response_code)
        return self._status(service, request, behaviour) if service in ("36", "39") else self._inquiry(service, request)

    def _inquiry(self, service: str, request: Request) -> Reply:
        inquiry = forms.read_inquiry(service, request.json_object())
        name = self._holder(inquiry.bank, inquiry.account_no)
        if name is None:
            raise Refused("40411")
        return _reply(service, "20000", forms.inquiry_answer(service, inquiry, name))

    def _transfer(self, service: str, request: Request, external_id: str, behaviour: BankBehaviour) -> Reply:
        if behaviour.response_code and not behaviour.pays_anyway:
            raise Refused(behaviour.response_code)
        order = forms.read_order(service, request.json_object())
        if self._holder(order.account.bank, order.account.account_no) is None:
            raise Refused("40411")
        transfer = self._carry_out(service, order, external_id, behaviour)
        self._tell(transfer, behaviour)
        if behaviour.lose_reply:
            return Reply(0, did="taken, reply lost")
        if behaviour.response_code:
            raise Refused(behaviour.response_code, "taken all the same")
        return _reply(service, "20000", forms.transfer_answer(service, transfer, **_slips(behaviour)))

    def _carry_out(self, service: str, order: forms.Order, external_id: str, behaviour: BankBehaviour) -> Transfer:
        mine = self._new_transfer(service, order, external_id, behaviour)
        taken = self.transfers.take(mine, behaviour.funds_rupiah)
        if taken is None:
            raise Refused("40314")
        if taken is mine:
            return taken
        same = (taken.channel, taken.account_no, taken.amount) == (mine.channel, mine.account_no, mine.amount)
        raise Refused("40901" if same else "40418")

    def _new_transfer(self, service: str, order: forms.Order, external_id: str, behaviour: BankBehaviour) -> Transfer:
        now = self.now()
        seen_from = now + timedelta(seconds=behaviour.found_after_seconds)
        done_at = max(seen_from, now + timedelta(seconds=behaviour.done_after_seconds))
        goes_back = done_at + timedelta(seconds=behaviour.reverse_after_seconds)
        return Transfer(
            reference=order.reference,
            service=service,
            channel=order.account.bank,
            account_no=order.account.account_no,
            amount=order.amount,
            provider_reference=secrets.token_hex(12).upper(),
            external_id=external_id,
            taken_at=now,
            seen_from=seen_from,
            done_at=done_at,
            ends_as=behaviour.ends_as,
            reversed_at=goes_back if behaviour.reverse_after_seconds else None,
        )

    def _tell(self, transfer: Transfer, behaviour: BankBehaviour) -> None:
        if self._notices is None or behaviour.notify_times == 0:
            return
        statuses = [each for each in behaviour.notify_statuses.split(",") if each] or [transfer.status(self.now())]
        if behaviour.notify_first:
            for status in statuses:
                self._notices.tell(transfer, status, times=behaviour.notify_times)
        else:
            self._notices.tell_later(transfer, statuses, times=behaviour.notify_times)

    def _notices_page(self, request: Request) -> Reply:
        """``?url=`` where notices go from now on; ``?reference=`` to tell of one transfer now, ``&status=`` something
        else than is true, ``&times=``."""
        if self._notices is None:
            return refusal(404, "this bank tells nothing unasked")
        if url := request.query.get("url"):
            self._notices.post_to(url)
            return json_reply({"url": url})
        transfer = self.transfers.find(request.query.get("reference", ""))
        times = request.query.get("times", "1")
        if transfer is None or not (times.isdigit() and len(times) == 1):
            return refusal(400, "reference is that of a transfer, times a digit")
        status = request.query.get("status") or transfer.status(self.now())
        return json_reply({"answers": self._notices.tell(transfer, status, times=int(times))})

    def _status(self, service: str, request: Request, behaviour: BankBehaviour) -> Reply:
        reference = forms.read_status(request.json_object())
        transfer = self.transfers.find(reference)
        status = transfer.status(self.now()) if transfer else "07"
        if transfer is None or status == "07":
            if not behaviour.unknown_as_status_07:
                raise Refused("40401")
            answer = {"originalPartnerReferenceNo": reference, "latestTransactionStatus": "07"}
            return _reply(service, "20000", answer)
        told = {"latestTransactionStatus": status, "transactionStatusDesc": STATUS_TEXTS[status]}
        return _reply(service, "20000", {**forms.status_answer(transfer, **_slips(behaviour)), **told})

    def _statement(self, request: Request) -> Reply:
        try:
            day = date.fromisoformat(request.query.get("date", ""))
        except ValueError:
            return refusal(400, "date is YYYY-MM-DD")
        return Reply(200, self.transfers.statement(day, request.query.get("channel")).encode(), "text/csv")

    def _transfers_page(self, request: Request) -> Reply:
        """Every transfer there ever was, ``?after=`` how many were read."""
        after = request.query.get("after", "0")
        if not after.isdigit():
            return refusal(400, "after is a number")
        now, start = self.now(), int(after)
        rows = self.transfers.all()[start : start + MOST_ROWS_AT_ONCE]
        told = [{**asdict(row), "status": row.status(now), "has_paid": row.has_paid(now)} for row in rows]
        return json_reply({"rows": [_readable(row) for row in told], "next": start + len(rows)})


def _slips(behaviour: BankBehaviour) -> dict[str, bool]:
    return {"wrong_amount": behaviour.wrong_amount, "wrong_reference": behaviour.wrong_reference}


def _reply(service: str, case: str, content: Mapping[str, object], what: str = "") -> Reply:
    message = f"{MESSAGES[case]} [{what}]" if what else MESSAGES[case]
    code = {"responseCode": case[:3] + service + case[3:], "responseMessage": message}
    did = f"{case[:3]}{service}{case[3:]} {what}".rstrip()
    return json_reply({**code, **content}, int(case[:3]), did=did)


def _readable(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
