"""One person's whole way through the platform, with everything on it that must never be seen by others."""

import re
from datetime import timedelta
from typing import Any

from chalicelib.domain.membership import INDUCTION_VIDEOS
from infra.local.mails import KeptMail
from tests.integration import cast
from tests.integration.cast import COURSE, NEWCOMER, OPEN_WAVE, PLATFORM, PRICE, PROVIDER, SCHEDULE, SEQUENCES
from tests.integration.photography import send_photo
from tests.integration.samples import sample
from tests.integration.town import Reply, Town
from tests.integration.upbringing import partner

PASSWORD = "rahasia-xenia-2026"
ACCOUNT_NO = NEWCOMER.account_no


class Life:
    """``replies`` and ``paths`` are those of every request; ``secrets`` by what they are."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._token = ""
        self.replies: list[Reply] = []
        self.paths: list[str] = []
        self.messages: list[Any] = []
        self.secrets: dict[str, str] = {
            "nik": NEWCOMER.nik,
            "family card": NEWCOMER.family_card_no,
            "email": NEWCOMER.email,
            "mailbox": NEWCOMER.email.partition("@")[0],
            "phone": NEWCOMER.phone,
            "account": ACCOUNT_NO,
            "password": PASSWORD,
            "name": NEWCOMER.full_name,
            "mother's name": NEWCOMER.mother_name,
            "street": "Jl. Melati 3",
        }

    def live(self) -> None:
        self._register()
        self._be_verified()
        self._join_and_be_awarded()
        self._train()
        self._be_paid()

    def _ask(self, method: str, path: str, body: object = None, token: str | None = None) -> dict[str, Any]:
        reply = self._town.ask(method, path, body, token=self._token if token is None else token)
        assert reply.status < 300, reply.text
        self.replies.append(reply)
        self.paths.append(path)
        return reply.body

    def _settle(self) -> None:
        self._town.settle(self.messages)

    def _mailed(self, pattern: str) -> str:
        texts = [kept.mail.text for kept in map(KeptMail, self._town.mails()) if NEWCOMER.email in kept.to]
        return str(re.findall(pattern, texts[-1], re.MULTILINE)[-1])

    def _register(self) -> None:
        self._ask("POST", "/v1/registrations", {"email": NEWCOMER.email})
        self._settle()
        self.secrets["code"], token = self._mailed(r"^\d{6}$"), self._mailed(r"#(\S+)")
        self._ask("POST", "/v1/email-verifications", {"token": token, "password": PASSWORD})
        self.secrets["link token"] = token.partition("~")[2]  # what stands before is the account's index
        self._sign_in()

    def _sign_in(self) -> None:
        """At the second attempt."""
        mistyped = {"email": NEWCOMER.email, "password": PASSWORD + "!"}
        self.replies.append(self._town.ask("POST", "/v1/sessions", mistyped))
        body = {"email": NEWCOMER.email, "password": PASSWORD}
        self._token = str(self._ask("POST", "/v1/sessions", body)["token"])
        self.secrets[f"session {len(self.secrets)}"] = self._token

    def _be_verified(self) -> None:
        self._ask("PUT", "/v1/me/identity", NEWCOMER.identity())
        self._settle()
        for kind in ("id_card", "selfie"):
            form = self._ask("POST", "/v1/me/photos", {"kind": kind})
            self.paths += [form["url"], str(form["fields"])]
            send_photo(self._town, NEWCOMER, kind)
        self._settle()
        self._ask("PUT", "/v1/me/declaration", {"accepted": True})

    def _join_and_be_awarded(self) -> None:
        self._ask("PUT", f"/v1/me/waves/{OPEN_WAVE}/entry")
        for days, minutes in ((0, 0), (4, 0), (4, 3), (4, 12 * 60 + 1), (5, 0)):
            self._town.clock.at = cast.NOON + timedelta(days=days, minutes=minutes)
            self._town.call("tick_wave_clock", sample("schedules", "tick_wave_clock", "good"))
            self._settle()
        self._sign_in()
        for video in INDUCTION_VIDEOS:
            self._ask("PUT", f"/v1/me/induction/videos/{video}")

    def _train(self) -> None:
        platform, provider = partner(self._town, PLATFORM), partner(self._town, PROVIDER)
        offer = {"course_code": COURSE, "schedule_code": SCHEDULE, "user_platform_id": "90", "amount": PRICE}
        card = self._ask("GET", "/v1/me")["card"]["number"]
        token = platform.got("payment/send-otp", {**offer, "prakerja_id": card})["payment_token"]
        self._settle()
        self.secrets |= {"payment token": token, "otp": self._mailed(r"^\d{6}$")}
        paid = {"otp": self.secrets["otp"], "invoice_code": NEWCOMER.invoice, "invoice_url": "https://pijar.example/"}
        redeem = {"redeem_code": platform.got("payment/authorize", paid, payment_token=token)["redeem_code"]}
        provider.got("payment/redeem-code/commit", redeem)
        for sequence in SEQUENCES:
            asked = {**redeem, "sequence": sequence, "redirect_uri": "https://lembaga.example/"}
            self._ask("POST", "/v1/me/attendances", {"state": provider.got("oauth/url-generate", asked)["state"]})
        self._settle()
        self._ask("POST", "/v1/me/reviews", {**redeem, "stars": 5, "text": "Jelas dan berguna."})

    def _be_paid(self) -> None:
        self._ask("PUT", "/v1/me/payout-account", {"bank": "bni", "account_no": ACCOUNT_NO})
        self._settle()
        self._town.call("build_payout_batches", sample("schedules", "build_payout_batches", "good"))
        self._settle()
        for batch_id in self._ask("GET", "/v1/staff/payout-batches/by-state/waiting", token=cast.STAFF)["batches"]:
            path = f"/v1/staff/payout-batches/{batch_id}"
            checksum = {"checksum": self._ask("GET", path, token=cast.STAFF)["checksum"]}
            for approver in (cast.FIRST_APPROVER, cast.SECOND_APPROVER):
                self._ask("PUT", f"{path}/approval", checksum, token=approver)
        self._settle()
        timeline = self._ask("GET", "/v1/me")["timeline"]
        assert [step["step"] for step in timeline if step["state"] != "done"] == []
        self.secrets |= {
            "approver": cast.FIRST_APPROVER,
            "staff": cast.SECOND_APPROVER,
            "sign key": cast.SIGN_KEYS[PLATFORM],
        }
