"""One person of the synthetic country at their phone: what they do, step by step, and what they see."""

import urllib.request
from dataclasses import dataclass, field
from typing import Any

from infra.local import portraits
from infra.local.country import Application, Country, Mistake
from infra.local.demo.api import Api, PartnerApi
from infra.local.demo.postbox import Postbox
from infra.local.neighbours import account_no_of
from infra.local.sample import COURSES

_PASSWORD = "kata sandi yang panjang"  # noqa: S105
_BOUNDARY = "----prakerja-demo"
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_BANKS = ("bni", "ovo", "gopay", "linkaja", "dana")


@dataclass
class Person:
    """``token`` is there after signing in."""

    application: Application
    truth: Application
    api: Api
    postbox: Postbox
    token: str = ""
    card_number: str = ""
    redeem_code: str = ""
    refusals: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        return self.application.email

    def register(self) -> None:
        self.api.post("/v1/registrations", {"email": self.email, "language": "id"})

    def verify_email(self, mailbox_address: str) -> None:
        body = {"token": self.postbox.link_token(mailbox_address), "password": _PASSWORD}
        self.token = self.api.post("/v1/email-verifications", body)["token"]

    def sign_in(self) -> None:
        self.token = self.api.post("/v1/sessions", {"email": self.email, "password": _PASSWORD})["token"]

    def state_identity(self) -> None:
        """As typed; a number that cannot be is refused at once, and typed again."""
        answer = self.api.ask("PUT", "/v1/me/identity", _identity(self.application), token=self.token)
        if answer.status == 400:
            self.refusals.append(str(answer.body["code"]))
            self.api.put("/v1/me/identity", _identity(self.truth), self.token)

    def step(self, name: str) -> dict[str, Any]:
        timeline = self.api.get("/v1/me", self.token)["timeline"]
        return dict(next(step for step in timeline if step["step"] == name))

    def send_photos(self) -> None:
        for kind, drawn in (("id_card", portraits.id_card), ("selfie", portraits.selfie)):
            form = self.api.post("/v1/me/photos", {"kind": kind}, self.token)
            _upload(form["url"], form["fields"], drawn(self.truth.nik))

    def declare(self) -> None:
        self.api.put("/v1/me/declaration", {"accepted": True}, self.token)

    def join(self, wave: int) -> bool:
        """Whether it was taken; a refusal is noted."""
        answer = self.api.ask("PUT", f"/v1/me/waves/{wave}/entry", None, token=self.token)
        if answer.status != 201:
            self.refusals.append(str(answer.body.get("code")))
        return answer.status == 201

    def find_card(self, mailbox_address: str) -> bool:
        """Days have passed: whoever got the good news signs in and looks at the card."""
        if not self.postbox.tells_of_award(mailbox_address):
            return False
        self.sign_in()
        card = self.api.get("/v1/me", self.token)["card"]
        self.card_number = card["number"] if card else ""
        return bool(card)

    def watch_induction(self) -> None:
        for video in (1, 2, 3):
            self.api.put(f"/v1/me/induction/videos/{video}", None, self.token)

    def buy(self, platform: PartnerApi, provider: PartnerApi, mailbox_address: str) -> None:
        code, _, price = COURSES[self.application.index % len(COURSES)]
        wanted = {"course_code": code, "schedule_code": f"{code}-1"}
        seen = self.postbox.received(mailbox_address)
        offer = {**wanted, "user_platform_id": str(self.truth.index), "prakerja_id": self.card_number, "amount": price}
        token = platform.call("payment/send-otp", offer)["payment_token"]
        otp = self.postbox.code(mailbox_address, newer_than=seen)
        invoice = f"INV-{self.truth.index:08d}"
        paid = {"otp": otp, "invoice_url": f"https://pijar.example/{invoice}", "invoice_code": invoice}
        self.redeem_code = platform.call("payment/authorize", paid, payment_token=token)["redeem_code"]
        provider.call("payment/redeem-code/commit", {"redeem_code": self.redeem_code})

    def attend(self, provider: PartnerApi, sequences: tuple[int, ...]) -> None:
        for sequence in sequences:
            asked = {"redeem_code": self.redeem_code, "sequence": sequence, "redirect_uri": "https://lp.example/"}
            state = provider.call("oauth/url-generate", asked)["state"]
            self.api.post("/v1/me/attendances", {"state": state}, self.token)

    def review(self) -> None:
        text = {"redeem_code": self.redeem_code, "stars": 4 + self.truth.index % 2, "text": "Jelas dan berguna."}
        self.api.post("/v1/me/reviews", text, self.token)

    def link_account(self) -> None:
        index = self.application.copied_from if self.application.mistake is Mistake.DUPLICATE_OF_OTHER else None
        account = account_no_of(self.truth.index if index is None else index)
        body = {"bank": _BANKS[self.truth.index % len(_BANKS)], "account_no": account}
        self.api.put("/v1/me/payout-account", body, self.token)


def person_of(country: Country, index: int, api: Api, postbox: Postbox) -> Person:
    person = country.person(index)
    names = Application.__dataclass_fields__
    truth = Application(**{name: getattr(person, name) for name in names if hasattr(person, name)})
    return Person(country.application(index), truth, api, postbox)


def _identity(typed: Application) -> dict[str, Any]:
    return {
        "nik": typed.nik,
        "family_card_no": typed.family_card_no,
        "full_name": typed.full_name,
        "birth_date": str(typed.birth_date),
        "sex": typed.sex,
        "mother_name": typed.mother_name,
        "street": typed.street,
        "province_code": typed.province_code,
        "regency_code": typed.regency_code,
        "phone": typed.phone,
        "occupation": typed.occupation,
        "disabled": typed.disabled,
    }


def _upload(url: str, fields: dict[str, str], content: bytes) -> None:
    parts = [f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n'
    body = "".join(parts).encode() + head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + content
    body += f"\r\n--{_BOUNDARY}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    with _DIRECT.open(request, timeout=60) as answer:
        answer.read()
