"""What people type is refused, where it is wrong, with its own code, field and words, and changes nothing."""

import re
from typing import Any

import pytest

from tests.integration.cast import CAST
from tests.integration.refusals import assert_refused, defect
from tests.integration.town import Town

BUDI = CAST["budi"]
IDENTITY = "/v1/me/identity"
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def nik(region: str = "317405", day: str = "45", month: str = "05", year: str = "95", serial: str = "0002") -> str:
    """Budi's, but for what is said."""
    return f"{region}{day}{month}{year}{serial}"


FRAMEWORK = defect(
    "app.py: what Chalice itself refuses (415, 405) is in its own shape, in English, without a correlation id"
)

NUMBERS: dict[str, tuple[dict[str, Any], str, str]] = {
    # the NIK, rule by rule
    "15 digits": ({"nik": nik(serial="002")}, "number_not_16_digits", "nik"),
    "17 digits": ({"nik": nik(serial="00002")}, "number_not_16_digits", "nik"),
    "nothing": ({"nik": ""}, "number_not_16_digits", "nik"),
    "a letter": ({"nik": nik(serial="000O")}, "number_not_16_digits", "nik"),
    "a space": ({"nik": f"{nik()} "}, "number_not_16_digits", "nik"),
    "a null byte": ({"nik": f"{nik()}\0"}, "number_not_16_digits", "nik"),
    "arabic digits": ({"nik": nik().translate(ARABIC)}, "number_not_16_digits", "nik"),
    "wide digits": ({"nik": nik(serial="０００２")}, "number_not_16_digits", "nik"),  # noqa: RUF001
    "no province": ({"nik": nik(region="007405")}, "number_province_unknown", "nik"),
    "a lost province": ({"nik": nik(region="547405")}, "number_province_unknown", "nik"),
    "regency 00": ({"nik": nik(region="310005")}, "number_region_impossible", "nik"),
    "district 00": ({"nik": nik(region="317400")}, "number_region_impossible", "nik"),
    "day 00": ({"nik": nik(day="00")}, "nik_date_impossible", "nik"),
    "day 32": ({"nik": nik(day="32")}, "nik_date_impossible", "nik"),
    "day 40": ({"nik": nik(day="40")}, "nik_date_impossible", "nik"),
    "day 72": ({"nik": nik(day="72")}, "nik_date_impossible", "nik"),
    "day 99": ({"nik": nik(day="99")}, "nik_date_impossible", "nik"),
    "month 00": ({"nik": nik(month="00")}, "nik_date_impossible", "nik"),
    "month 13": ({"nik": nik(month="13")}, "nik_date_impossible", "nik"),
    "31 April": ({"nik": nik(day="71", month="04")}, "nik_date_impossible", "nik"),
    "29 February of a common year": ({"nik": nik(day="69", month="02")}, "nik_date_impossible", "nik"),
    "serial 0000": ({"nik": nik(serial="0000")}, "number_serial_impossible", "nik"),
    # the NIK against what is stated beside it
    "another day": ({"nik": nik(day="46")}, "nik_birth_date_differs", "birth_date"),
    "another month": ({"nik": nik(month="06")}, "nik_birth_date_differs", "birth_date"),
    "another year": ({"nik": nik(year="96")}, "nik_birth_date_differs", "birth_date"),
    "a man's": ({"nik": nik(day="05")}, "nik_sex_differs", "sex"),
    # the family card
    "KK of 15": ({"family_card_no": BUDI.family_card_no[1:]}, "number_not_16_digits", "family_card_no"),
    "KK arabic": ({"family_card_no": BUDI.family_card_no.translate(ARABIC)}, "number_not_16_digits", "family_card_no"),
    "KK nowhere": ({"family_card_no": "9974051206100002"}, "number_province_unknown", "family_card_no"),
    "KK regency 00": ({"family_card_no": "3100051206100002"}, "number_region_impossible", "family_card_no"),
    "KK day 52": ({"family_card_no": "3174055206100002"}, "family_card_date_impossible", "family_card_no"),
    "KK month 13": ({"family_card_no": "3174051213100002"}, "family_card_date_impossible", "family_card_no"),
    "KK serial 0000": ({"family_card_no": "3174051206100000"}, "number_serial_impossible", "family_card_no"),
}

FIELDS: dict[str, tuple[dict[str, Any], str, str]] = {
    "born tomorrow": ({"birth_date": "2026-03-03"}, "birth_date_not_past", "birth_date"),
    "born today in Jakarta": ({"birth_date": "2026-03-02"}, "birth_date_not_past", "birth_date"),
    "unknown province": ({"province_code": "99"}, "province_unknown", "province_code"),
    "province in arabic": ({"province_code": "31".translate(ARABIC)}, "field_of_another_form", "province_code"),
    "regency elsewhere": ({"regency_code": "3374"}, "regency_not_in_province", "regency_code"),
    "a number for a text": ({"nik": 3174054505950002}, "field_not_text", "nik"),
    "a text for a date": ({"birth_date": "kemarin"}, "field_not_date", "birth_date"),
    "no such day": ({"birth_date": "1995-02-29"}, "field_not_date", "birth_date"),
    "a list for a text": ({"full_name": ["Budi"]}, "field_not_text", "full_name"),
    "a text for a truth": ({"disabled": "mungkin"}, "field_not_bool", "disabled"),
    "a third sex": ({"sex": "perempuan"}, "field_no_choice", "sex"),
    "no name": ({"full_name": ""}, "field_of_another_form", "full_name"),
    "a long name": ({"full_name": "x" * 101}, "field_too_long", "full_name"),
    "a phone without country": ({"phone": "081200000002"}, "field_of_another_form", "phone"),
    "a null byte in a name": ({"full_name": "Budi\0Permatasari"}, "field_of_another_form", "full_name"),
    "an escape in a name": ({"mother_name": "Ibu\x1b[2J"}, "field_of_another_form", "mother_name"),
    "two lines": ({"street": "Jl. Melati 3\nJakarta"}, "field_of_another_form", "street"),
    "nothing but blanks": ({"occupation": "   "}, "field_of_another_form", "occupation"),
    "a phone in arabic": ({"phone": "+62" + "81200000002".translate(ARABIC)}, "field_of_another_form", "phone"),
    "a regency in arabic": ({"regency_code": "31" + "74".translate(ARABIC)}, "field_of_another_form", "regency_code"),
    "an unknown field": ({"agama": "rahasia"}, "field_unknown", "agama"),
    "a missing field": ({"nik": ...}, "field_missing", "nik"),
}

ENGLISH = re.compile(r"\b(input|should|valid|string|match|pattern|must|have|at least|character)\b", re.IGNORECASE)


def assert_identity_refused(town: Town, stated: dict[str, Any], code: str, field: str) -> None:
    body = {name: value for name, value in BUDI.identity(**stated).items() if value is not ...}

    def ask(language: str) -> Any:
        return town.ask("PUT", IDENTITY, body, token=BUDI.token, language=language)

    assert_refused(town, ask, (400, code, field))


@pytest.mark.parametrize(("stated", "code", "field"), NUMBERS.values(), ids=NUMBERS)
def test_a_number_that_cannot_be_is_refused(town: Town, stated: dict[str, Any], code: str, field: str) -> None:
    assert_identity_refused(town, stated, code, field)


@pytest.mark.parametrize(("stated", "code", "field"), FIELDS.values(), ids=FIELDS)
def test_a_statement_that_cannot_be_is_refused(town: Town, stated: dict[str, Any], code: str, field: str) -> None:
    assert_identity_refused(town, stated, code, field)


@pytest.mark.parametrize("name", [name for name, (_, code, _) in FIELDS.items() if code != "field_missing"])
def test_what_is_told_in_indonesian_is_indonesian(town: Town, name: str) -> None:
    reply = town.ask("PUT", IDENTITY, BUDI.identity(**FIELDS[name][0]), token=BUDI.token, language="id")
    assert reply.status == 400
    assert not ENGLISH.findall(reply.body["message"])


def test_a_child_of_a_leap_day_is_taken(town: Town) -> None:
    stated = BUDI.identity(nik=nik(day="69", month="02", year="96"), birth_date="1996-02-29")
    assert town.ask("PUT", IDENTITY, stated, token=BUDI.token).status == 204


BODIES: dict[str, tuple[bytes, str, str | None]] = {
    "half a JSON": (b'{"nik": "31', "json_invalid", None),
    "nothing": (b"", "json_invalid", None),
    "no JSON": (b"nik=3174", "json_invalid", None),
    "half a sign": (rb'{"nik": "\ud800"}', "json_invalid", None),
    "a deep nest": (b"[" * 60_000, "json_invalid", None),
    "a list": (b"[]", "field_invalid", None),
    "null": (b"null", "field_invalid", None),
    "too much": (b'{"nik": "' + b"3" * 65_536 + b'"}', "body_too_large", None),
    "NaN": (b'{"nik": NaN}', "field_not_text", "nik"),
}


@pytest.mark.parametrize(("body", "code", "field"), BODIES.values(), ids=BODIES)
def test_a_body_that_is_none_is_refused(town: Town, body: bytes, code: str, field: str | None) -> None:
    def ask(language: str) -> Any:
        return town.ask("PUT", IDENTITY, body, token=BUDI.token, language=language)

    assert_refused(town, ask, (400, code, field))


@FRAMEWORK
def test_a_body_of_another_type_is_refused_in_our_own_words(town: Town) -> None:
    def ask(language: str) -> Any:
        headers = {"Content-Type": "text/plain"}
        return town.ask("PUT", IDENTITY, BUDI.identity(), token=BUDI.token, language=language, **headers)

    replies = [ask(language) for language in ("id", "en")]
    assert [reply.status for reply in replies] == [415, 415]
    assert replies[0].body.keys() >= {"code", "message", "correlation_id"}
    assert replies[0].body["message"] != replies[1].body["message"]
