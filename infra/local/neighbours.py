"""The neighbours' stand-ins in a process of their own: a killed application does not take the bank's books with it.

``python -m infra.local.neighbours --state DIR`` serves until it is told to stop and writes where everybody is to
``DIR/neighbours.json``. The secrets by which we are known to them lie in ``DIR/credentials.json``, made on first use.
"""

import argparse
import base64
import json
import os
import secrets
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.domain.verification import PersonStatus, Sex
from infra.local.country import Country, Person, PopulationStatus
from infra.local.standins.bank import BankStandIn
from infra.local.standins.bank_door import Partner
from infra.local.standins.bank_keys import new_key_pair
from infra.local.standins.bank_notices import Notices
from infra.local.standins.beacon import BeaconStandIn
from infra.local.standins.lists import ListsStandIn
from infra.local.standins.population import CitizenRecord, PopulationStandIn
from infra.local.standins.sendgrid import SendGridStandIn
from infra.local.standins.sendgrid_events import EventWebhook, new_webhook_keys
from infra.local.standins.server import StandIn

COUNTRY_SIZE = 1_500_000
_ACCOUNT_PREFIX = "88"
_AID_CATEGORIES = {"BSU": "wage_subsidy", "BPUM": "micro_business_aid"}
_STATUSES = {
    PopulationStatus.ALIVE: PersonStatus.FOUND,
    PopulationStatus.DECEASED: PersonStatus.DECEASED,
    PopulationStatus.DUPLICATE: PersonStatus.DUPLICATE,
    PopulationStatus.INACTIVE: PersonStatus.INACTIVE,
}


def account_no_of(person_index: int) -> str:
    """Everybody in the synthetic country holds one account, at whichever bank they name."""
    return f"{_ACCOUNT_PREFIX}{person_index:010d}"


_OURS = frozenset({"sendgrid-webhook", "receipt-signing", "beacon_key", "bank-notices"})
"""Secrets that an older version of ours did not write yet."""


def credentials(state_dir: Path) -> dict[str, Any]:
    """By secret name (see ``infra/keys.yaml``), and under ``bank_public_key`` what only the bank needs."""
    path = state_dir / "credentials.json"
    if not _older(path).keys() >= _OURS:
        state_dir.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        # What an older version of ours wrote is kept: tables were indexed under its keys.
        draft.write_text(json.dumps({**_new_credentials(), **_older(path)}))
        draft.replace(path)
    known: dict[str, Any] = json.loads(path.read_text())
    return known


def _older(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    if "sendgrid-webhook" not in found:
        found.pop("sendgrid_webhook_private_key", None)  # half of a pair
    return found


def _new_credentials() -> dict[str, Any]:
    private, public = new_key_pair()
    webhook_private, webhook_public = new_webhook_keys()
    notices_private, notices_public = new_key_pair()
    token = secrets.token_urlsafe
    return {
        "index-keys": {"current": "1", "keys": {"1": base64.b64encode(secrets.token_bytes(32)).decode()}},
        "receipt-signing": {"current": "1", "keys": {"1": base64.b64encode(secrets.token_bytes(32)).decode()}},
        "population-registry": {
            "institution_id": "prakerja",
            "user_id": "prakerja",
            "password": token(16),
            "caller_ip": "127.0.0.1",
        },
        "list-registries": {"education_api_key": token(16), "social_api_key": token(16)},
        "bank": {
            "client_key": "prakerja",
            "client_secret": token(32),
            "private_key_pem": private,
            "partner_id": "PRAKERJA",
            "channel_id": "95221",
            "source_account_no": "1000000001",
        },
        "bank-notices": {"public_key_pem": notices_public, "partner_id": "PRAKERJA"},
        "bank_notices_private_key": notices_private,
        "sendgrid": {"api_key": token(32)},
        "sendgrid-webhook": {"public_key": webhook_public},
        "sendgrid_webhook_private_key": webhook_private,
        "bank_public_key": public,
        "beacon_key": token(32),
    }


class StoredClock:
    """The application's clock, as its file tells: another process moves it."""

    def __init__(self, offset_file: Path) -> None:
        self._file = offset_file
        self._seen: tuple[int, timedelta] = (0, timedelta())

    def now(self) -> datetime:
        try:
            written = self._file.stat().st_mtime_ns
            if written != self._seen[0]:
                self._seen = written, timedelta(seconds=json.loads(self._file.read_text())["offset_seconds"])
        except FileNotFoundError:
            pass
        return datetime.now(UTC) + self._seen[1]


class Neighbours:
    """All six stand-ins over one synthetic country."""

    def __init__(self, country: Country, known: dict[str, Any], now: Callable[[], datetime]) -> None:
        self._country = country
        lists = known["list-registries"]
        population = known["population-registry"]
        partner = _partner(known)
        self.stand_ins: dict[str, StandIn[Any]] = {
            "population": PopulationStandIn(self._citizen, **population, now=now),
            "education": ListsStandIn(self._education, api_key=lists["education_api_key"], now=now),
            "social": ListsStandIn(
                self._social, api_key=lists["social_api_key"], now=now, name="Social and other registers"
            ),
            "beacon": BeaconStandIn(known["beacon_key"], now=now),
            "bank": BankStandIn(
                self._holder,
                partner=partner,
                now=now,
                notices=Notices(known["bank_notices_private_key"], partner.partner_id, now),
            ),
            "sendgrid": SendGridStandIn(
                api_key=known["sendgrid"]["api_key"],
                webhook=EventWebhook(known["sendgrid_webhook_private_key"], now),
                now=now,
            ),
        }

    def start(self) -> dict[str, str]:
        """Name -> address."""
        return {name: stand_in.start() for name, stand_in in self.stand_ins.items()}

    def stop(self) -> None:
        for stand_in in self.stand_ins.values():
            stand_in.stop()

    def _citizen(self, nik: str) -> CitizenRecord | None:
        person = self._country.by_nik(nik)
        if person is None:
            return None
        return CitizenRecord(
            nik=person.nik,
            family_card_no=person.family_card_no,
            full_name=person.full_name,
            birth_date=person.birth_date,
            sex=Sex(person.sex),
            mother_name=person.mother_name,
            province_code=person.province_code,
            status=_STATUSES[person.life],
        )

    def _education(self, nik: str) -> tuple[tuple[str, str], ...]:
        person = self._country.by_nik(nik)
        return ((person.student, "student"),) if person and person.student else ()

    def _social(self, nik: str) -> tuple[tuple[str, str], ...]:
        person = self._country.by_nik(nik)
        return tuple(_social_lists(person)) if person else ()

    def _holder(self, _bank: str, account_no: str) -> str | None:
        index = int(account_no[len(_ACCOUNT_PREFIX) :]) if account_no.startswith(_ACCOUNT_PREFIX) else -1
        return self._country.person(index).full_name.upper() if 0 <= index < len(self._country) else None


def _social_lists(person: Person) -> list[tuple[str, str]]:
    found = [(source, _AID_CATEGORIES.get(source, "social_aid")) for source in person.other_aid]
    if person.excluded_profession:
        found.append((person.excluded_profession, "excluded_profession"))
    if person.blocklisted:
        found.append(("BLOCKLIST", "blocklist"))
    return found


def _partner(known: dict[str, Any]) -> Partner:
    bank = known["bank"]
    return Partner(
        client_key=bank["client_key"],
        client_secret=bank["client_secret"],
        public_key_pem=known["bank_public_key"],
        partner_id=bank["partner_id"],
    )


def main() -> None:
    arguments = _arguments()
    state_dir = arguments.state
    country = Country(arguments.seed, arguments.people)
    country.person(0)  # reads the map of regencies now: six first questions at once would each read it, for seconds
    neighbours = Neighbours(country, credentials(state_dir), StoredClock(state_dir / "clock.json").now)
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    addresses = neighbours.start()
    draft = state_dir / "neighbours.draft"
    draft.write_text(json.dumps({"pid": os.getpid(), "addresses": addresses}))
    draft.replace(state_dir / "neighbours.json")
    stopping.wait()
    neighbours.stop()
    (state_dir / "neighbours.json").unlink(missing_ok=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="folder for state that outlives the process")
    parser.add_argument("--seed", type=int, default=7, help="of the synthetic country")
    parser.add_argument("--people", type=int, default=COUNTRY_SIZE, help="in the synthetic country")
    return parser.parse_args()


if __name__ == "__main__":
    main()
