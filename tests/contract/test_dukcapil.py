"""Our client of the population registry against its stand-in, over the wire."""

import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.adapters.http import JsonCaller
from chalicelib.adapters.registries.dukcapil import DukcapilRegistry
from chalicelib.adapters.registries.dukcapil_door import DukcapilDoor
from chalicelib.domain.errors import Misconfigured, RegistryUnavailable
from chalicelib.domain.nik import Nik
from chalicelib.domain.verification import PersonStatus, Sex
from infra.local.standins.population import CitizenRecord, PopulationStandIn
from tests.contract.neighbours import NOON, SITI, Moment, http_fixture, moment_fixture  # noqa: F401

NIK_OF = {status: Nik(f"317401520395{number:04}") for number, status in enumerate(PersonStatus, start=1)}
ELEMENTS = ("NAMA_LGKP", "TGL_LHR", "JENIS_KLMIN", "NO_KK", "NAMA_LGKP_IBU", "NO_PROP")


def citizen(nik: str) -> CitizenRecord | None:
    status = {held: status for status, held in NIK_OF.items()}.get(Nik(nik))
    if status in (None, PersonStatus.UNKNOWN, PersonStatus.BAD_FORMAT):
        return None
    stated = (SITI.family_card_no, SITI.full_name, SITI.birth_date, SITI.sex, SITI.mother_name, SITI.province_code)
    return CitizenRecord(nik, *stated, status=status)


@pytest.fixture
def office(moment: Moment) -> Iterator[PopulationStandIn]:
    office = PopulationStandIn(
        citizen, institution_id="inst", user_id="user", password="pass", caller_ip="10.0.0.9", now=moment
    )
    yield office
    office.stop()


@pytest.fixture
def registry(office: PopulationStandIn, http: JsonCaller, moment: Moment) -> DukcapilRegistry:
    return DukcapilRegistry(DukcapilDoor(office.start(), "inst", "user", "pass", "10.0.0.9", http), moment)


def test_a_person_of_whom_every_element_agrees_is_found(registry: DukcapilRegistry) -> None:
    answer = registry.match(SITI)
    assert (answer.status, answer.differs, answer.name_score) == (PersonStatus.FOUND, frozenset(), 100)
    assert answer.as_of == NOON


@pytest.mark.parametrize(
    ("field", "stated"),
    [
        ("full_name", "Bambang Sutrisno"),
        ("birth_date", date(1995, 3, 13)),
        ("sex", Sex.MALE),
        ("family_card_no", "3174010101100003"),
        ("mother_name", "Ani Yudhoyono"),
        ("province_code", "32"),
    ],
)
def test_what_differs_is_named(registry: DukcapilRegistry, field: str, stated: object) -> None:
    assert registry.match(replace(SITI, **{field: stated})).differs == {field}  # type: ignore[arg-type]


def test_a_typing_mistake_in_a_name_is_forgiven_by_its_score(registry: DukcapilRegistry) -> None:
    answer = registry.match(replace(SITI, full_name="Siti Nurhalisa Rahmawati"))
    assert answer.differs == frozenset()
    assert 90 <= answer.name_score < 100


def test_the_score_of_a_name_that_differs_is_told(registry: DukcapilRegistry) -> None:
    answer = registry.match(replace(SITI, full_name="Siti Rahmawati"))
    assert answer.differs == {"full_name"}
    assert 70 <= answer.name_score < 90


@pytest.mark.parametrize("status", PersonStatus)
def test_the_registry_says_what_became_of_a_person(registry: DukcapilRegistry, status: PersonStatus) -> None:
    nik = Nik("123") if status is PersonStatus.BAD_FORMAT else NIK_OF[status]
    assert registry.match(replace(SITI, nik=nik)).status is status


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [
        ("11", "Data Ditemukan, Meninggal Dunia", PersonStatus.DECEASED),
        ("12", "Data Ditemukan, Data Ganda", PersonStatus.DUPLICATE),
        ("13", "Data Tidak Ditemukan, NIK tidak terdapat di database Kependudukan", PersonStatus.UNKNOWN),
        ("14", "Data Ditemukan, Status Non Aktif silahkan hubungi Dinas Dukcapil", PersonStatus.INACTIVE),
        ("15", "Data Tidak Ditemukan, NIK tidak sesuai format Dukcapil", PersonStatus.BAD_FORMAT),
        ("", "Data Tidak Ditemukan", PersonStatus.UNKNOWN),
        ("13", "", PersonStatus.UNKNOWN),
        ("11", "wafat", PersonStatus.DECEASED),
        ("", "DATA DITEMUKAN,   DATA GANDA", PersonStatus.DUPLICATE),
    ],
)
def test_codes_and_texts_say_the_same(
    registry: DukcapilRegistry, office: PopulationStandIn, code: str, text: str, status: PersonStatus
) -> None:
    office.behave(answer_code=code, answer_text=text)
    assert registry.match(SITI).status is status


@pytest.mark.parametrize(
    "text",
    [
        "Login Gagal",
        "IP Address Tidak Sesuai",
        "IP Client  Tidak terdaftar",
        "User ID Tidak Aktif",
        "Instansi Tidak Aktif",
        "User, password dan IP tidak boleh kosong",
    ],
)
def test_a_complaint_about_us_says_nothing_of_the_person(
    registry: DukcapilRegistry, office: PopulationStandIn, text: str
) -> None:
    office.behave(answer_text=text)
    with pytest.raises(Misconfigured, match="registry_refuses_us"):
        registry.match(SITI)


@pytest.mark.parametrize(
    "text", ["Parameter Tidak Lengkap / Tidak Valid", "Parameter Tidak Lengkap", "Parameter Tidak Valid"]
)
def test_a_complaint_about_a_question_is_told_from_one_about_us(
    registry: DukcapilRegistry, office: PopulationStandIn, text: str
) -> None:
    """It may be something in one person's data."""
    office.behave(answer_text=text)
    with pytest.raises(Misconfigured, match="registry_refuses_request"):
        registry.match(SITI)


@pytest.mark.parametrize(
    "credentials",
    [
        ("other", "user", "pass", "10.0.0.9"),
        ("inst", "other", "pass", "10.0.0.9"),
        ("inst", "user", "other", "10.0.0.9"),
        ("inst", "user", "pass", "10.0.0.8"),
        ("inst", "", "pass", "10.0.0.9"),
    ],
)
def test_the_registry_lets_in_only_whom_it_knows(
    office: PopulationStandIn, http: JsonCaller, moment: Moment, credentials: tuple[str, str, str, str]
) -> None:
    with pytest.raises(Misconfigured, match="registry_refuses_us"):
        DukcapilRegistry(DukcapilDoor(office.start(), *credentials, http), moment).match(SITI)


def test_when_the_quota_is_used_up_the_answer_comes_after_midnight(
    registry: DukcapilRegistry, office: PopulationStandIn, moment: Moment
) -> None:
    office.behave(quota_per_day=1)
    registry.match(SITI)
    with pytest.raises(RegistryUnavailable, match="registry_quota_used_up"):
        registry.match(SITI)
    moment.passes(hours=12)
    assert registry.match(SITI).status is PersonStatus.FOUND


@pytest.mark.parametrize("style", ["upper", "lower", "mixed"])
def test_letter_case_means_nothing(registry: DukcapilRegistry, office: PopulationStandIn, style: str) -> None:
    office.behave(letter_case=style)
    assert registry.match(replace(SITI, province_code="32")).differs == {"province_code"}
    assert registry.match(replace(SITI, nik=NIK_OF[PersonStatus.DECEASED])).status is PersonStatus.DECEASED


@pytest.mark.parametrize(
    "fault",
    [
        {"outage": True},
        {"http_500": True},
        {"html": True},
        {"truncated": True},
        {"hang_seconds": 5},
        {"slow_share": 1, "slow_seconds": 5},
        *({"without": element} for element in ELEMENTS),
    ],
    ids=str,
)
def test_what_is_no_answer_refuses_nobody(
    registry: DukcapilRegistry, office: PopulationStandIn, fault: dict[str, object]
) -> None:
    office.behave(**fault)
    with pytest.raises(RegistryUnavailable):
        registry.match(SITI)
    office.behave()
    assert registry.match(SITI).status is PersonStatus.FOUND


def test_above_its_capacity_the_registry_fails(registry: DukcapilRegistry, office: PopulationStandIn) -> None:
    office.behave(capacity_per_second=0.3)
    registry.match(SITI)
    with pytest.raises(RegistryUnavailable):
        registry.match(SITI)


def test_a_registry_that_is_gone_is_unavailable(registry: DukcapilRegistry, office: PopulationStandIn) -> None:
    office.stop()
    with pytest.raises(RegistryUnavailable):
        registry.match(SITI)


@pytest.mark.parametrize("fault", [{"outage": True}, {"truncated": True}, {"refuse_login": True}], ids=str)
def test_a_failure_tells_nothing_of_the_person_or_of_our_password(
    registry: DukcapilRegistry, office: PopulationStandIn, fault: dict[str, object]
) -> None:
    office.behave(**fault)
    with pytest.raises((RegistryUnavailable, Misconfigured)) as failure:
        registry.match(SITI)
    chain = "".join(traceback.format_exception(failure.value)) + repr(failure.value.__context__)
    assert not any(secret in chain for secret in (SITI.nik, SITI.full_name, SITI.mother_name, "'pass'"))
