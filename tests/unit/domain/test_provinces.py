"""Provinces and the bases by which a wave knows them."""

import subprocess
import sys

import pytest

from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.provinces import PROVINCES, basis_named


def test_the_basis_of_2024_knows_the_provinces_of_today() -> None:
    basis = basis_named("2024")
    assert basis.labour_force == {code: province.labour_force for code, province in PROVINCES.items()}
    assert [basis.code_of(code) for code in PROVINCES] == list(PROVINCES)


def test_the_basis_of_2020_knows_the_34_before_the_split_of_papua_and_loses_nobody() -> None:
    before, today = basis_named("2020"), basis_named("2024")
    assert len(before.labour_force) == 34
    assert sum(before.labour_force.values()) == sum(today.labour_force.values())
    for code in before.labour_force:
        within = [each for each in PROVINCES if before.code_of(each) == code]
        assert before.labour_force[code] == sum(today.labour_force[each] for each in within)


@pytest.mark.parametrize(("today", "before"), [("93", "91"), ("94", "91"), ("95", "91"), ("96", "92"), ("91", "91")])
def test_whoever_lives_in_a_province_that_was_split_off_stands_in_the_one_before(today: str, before: str) -> None:
    assert basis_named("2020").code_of(today) == before


def test_provinces_come_in_the_order_of_their_codes() -> None:
    for name in ("2020", "2024"):
        codes = list(basis_named(name).labour_force)
        assert codes == sorted(codes)


def test_an_unknown_basis_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidInput, match="basis_unknown") as refusal:
        basis_named("../scheme_files/2023")
    assert (refusal.value.field, refusal.value.details) == ("basis", {"known": "2020, 2024"})


def test_no_file_is_read_before_somebody_asks() -> None:
    """Functions that know provinces only by name start without it."""
    look = "import sys; from chalicelib.domain import provinces; print('tomllib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True).stdout == "False\n"
