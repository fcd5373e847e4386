"""The ministries, the bank and the second mail provider, in this process, over as few people as a test needs."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from chalicelib.domain.verification import Sex
from infra.local.standins.bank import BankStandIn
from infra.local.standins.bank_books import Transfer, TransferBooks
from infra.local.standins.bank_door import Partner
from infra.local.standins.bank_keys import new_key_pair
from infra.local.standins.beacon import BeaconStandIn
from infra.local.standins.lists import ListsStandIn
from infra.local.standins.population import CitizenRecord, PopulationStandIn
from infra.local.standins.sendgrid import SendGridStandIn
from infra.local.standins.server import StandIn

_POPULATION: Mapping[str, Any] = {
    "institution_id": "prakerja",
    "user_id": "prakerja",
    "password": "sandi-dukcapil",
    "caller_ip": "127.0.0.1",
}
_LISTS = {"education_api_key": "kunci-pendidikan", "social_api_key": "kunci-sosial"}
_BANK = {
    "client_key": "prakerja",
    "client_secret": "rahasia-bank",
    "partner_id": "PRAKERJA",
    "channel_id": "95221",
    "source_account_no": "1000000001",
}
_SENDGRID: Mapping[str, Any] = {"api_key": "kunci-sendgrid"}
_WEBHOOK_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJ5TBnqYbC5nWdDOYwH5+JaLCFX"
    "ij1ir/mh92MBvBSNrK1aQf2AnbRDyNn92ikf4C4TUtRDzVMB/sRgsd9xXZbQ=="
)
"""Its private half signed the samples of ``events/api/take_sendgrid_notices`` and is lost."""

_NOTICES_KEY = """-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3E1fotDbbXLUg2Jor02S
L1vGgYOOzI0RS3OOE2/YHY8gPzTrOXIh4AztxXndbkJGyh+LXYsHxegyv/Svp4eH
hP3PuaxtMUANPynaT7W+zRNiDqpi9enUZ3mq46c+1q1SmBEct+aujA9Per6ruTX7
iBkDT8Xc+n2zAOq20BErv+lvnBFpne7kVaETbJsMYPoikB8gF7xl79LD6Rl6wmqi
pDa13ceJZPHYZdgK5xMOGXedsnpRB4R0NPZd9RTxhWKXKoyewaMbIGy3mXWGVZCJ
Bv4gdchQ21As8szBE50jDmMz0qXQt0f0V+Gbww0CMDQtJA5DDz2xFle2pnYlsfet
jQIDAQAB
-----END PUBLIC KEY-----"""
"""Its private half signed the samples of ``events/api/take_bank_notices`` and is lost."""


class Citizen(Protocol):
    """What the neighbours know of somebody."""

    @property
    def nik(self) -> str: ...
    @property
    def family_card_no(self) -> str: ...
    @property
    def full_name(self) -> str: ...
    @property
    def birth_date(self) -> date: ...
    @property
    def mother_name(self) -> str: ...
    @property
    def account_no(self) -> str: ...


class Neighbourhood:
    def __init__(self, people: Mapping[str, Citizen], now: Callable[[], datetime]) -> None:
        """``people`` by NIK; all are women of Jakarta, and stand on no list."""
        self._people = people
        self._accounts = {person.account_no: person.full_name for person in people.values()}
        private, public = new_key_pair()
        partner = Partner(_BANK["client_key"], _BANK["client_secret"], public, _BANK["partner_id"])
        self.secrets: dict[str, Mapping[str, str]] = {
            "population-registry": _POPULATION,
            "list-registries": _LISTS,
            "bank": {**_BANK, "private_key_pem": private},
            "bank-notices": {"public_key_pem": _NOTICES_KEY, "partner_id": _BANK["partner_id"]},
            "sendgrid": _SENDGRID,
            "sendgrid-webhook": {"public_key": _WEBHOOK_KEY},
        }
        self.bank = BankStandIn(lambda _, number: self._accounts.get(number), partner=partner, now=now)
        self.population = PopulationStandIn(self._citizen, **_POPULATION, now=now)
        self._stand_ins: dict[str, StandIn[Any]] = {
            "POPULATION_REGISTRY_URL": self.population,
            "EDUCATION_REGISTRY_URL": ListsStandIn(lambda _: (), api_key=_LISTS["education_api_key"], now=now),
            "SOCIAL_REGISTRY_URL": ListsStandIn(lambda _: (), api_key=_LISTS["social_api_key"], now=now),
            "BANK_URL": self.bank,
            "SENDGRID_URL": SendGridStandIn(**_SENDGRID, now=now),
            "BEACON_URL": BeaconStandIn("suar", now=now),
        }

    def start(self) -> dict[str, str]:
        """Setting -> address."""
        return {setting: stand_in.start() for setting, stand_in in self._stand_ins.items()}

    def stop(self) -> None:
        for stand_in in self._stand_ins.values():
            stand_in.stop()

    def forget(self, *, but: Iterable[Transfer]) -> None:
        """The bank knows of these transfers only, and everybody behaves."""
        self.bank.transfers = TransferBooks(self.bank.now)
        for transfer in but:
            self.bank.transfers.take(transfer, -1)
        for stand_in in self._stand_ins.values():
            stand_in.behave()

    def _citizen(self, nik: str) -> CitizenRecord | None:
        person = self._people.get(nik)
        if person is None:
            return None
        return CitizenRecord(
            nik=person.nik,
            family_card_no=person.family_card_no,
            full_name=person.full_name,
            birth_date=person.birth_date,
            sex=Sex.FEMALE,
            mother_name=person.mother_name,
            province_code="31",
        )
