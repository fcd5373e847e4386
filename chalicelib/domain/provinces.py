"""The 38 provinces and their labour force, by which places are shared out.

Source: BPS (Statistics Indonesia), National Labour Force Survey (Sakernas), February 2024, persons aged 15 and over.
Codes are those of the Ministry of Home Affairs, as on the identity card.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from chalicelib.domain.errors import InvalidInput, Misconfigured

_FOLDER = Path(__file__).parent / "province_bases"


@dataclass(frozen=True, slots=True)
class Province:
    code: str
    name: str
    labour_force: int


_ROWS = (
    ("11", "Aceh", 2_600_062),
    ("12", "Sumatera Utara", 7_999_959),
    ("13", "Sumatera Barat", 3_086_290),
    ("14", "Riau", 3_222_760),
    ("15", "Jambi", 1_856_117),
    ("16", "Sumatera Selatan", 4_556_460),
    ("17", "Bengkulu", 1_116_138),
    ("18", "Lampung", 5_044_038),
    ("19", "Kepulauan Bangka Belitung", 818_626),
    ("21", "Kepulauan Riau", 1_078_168),
    ("31", "DKI Jakarta", 5_434_377),
    ("32", "Jawa Barat", 25_875_187),
    ("33", "Jawa Tengah", 21_346_923),
    ("34", "DI Yogyakarta", 2_204_939),
    ("35", "Jawa Timur", 24_138_426),
    ("36", "Banten", 6_050_025),
    ("51", "Bali", 2_713_485),
    ("52", "Nusa Tenggara Barat", 3_030_465),
    ("53", "Nusa Tenggara Timur", 3_060_716),
    ("61", "Kalimantan Barat", 2_877_707),
    ("62", "Kalimantan Tengah", 1_432_341),
    ("63", "Kalimantan Selatan", 2_183_301),
    ("64", "Kalimantan Timur", 2_009_517),
    ("65", "Kalimantan Utara", 358_450),
    ("71", "Sulawesi Utara", 1_337_114),
    ("72", "Sulawesi Tengah", 1_575_282),
    ("73", "Sulawesi Selatan", 4_707_975),
    ("74", "Sulawesi Tenggara", 1_400_048),
    ("75", "Gorontalo", 653_381),
    ("76", "Sulawesi Barat", 773_283),
    ("81", "Maluku", 949_084),
    ("82", "Maluku Utara", 669_904),
    ("91", "Papua", 510_015),
    ("92", "Papua Barat", 318_169),
    ("93", "Papua Selatan", 220_772),
    ("94", "Papua Tengah", 840_214),
    ("95", "Papua Pegunungan", 1_009_985),
    ("96", "Papua Barat Daya", 314_205),
)

PROVINCES: Mapping[str, Province] = {row[0]: Province(*row) for row in _ROWS}
"""By two-digit code, in the order of the codes."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Which provinces a wave knows, and by how many people its places are shared out: ``domain/province_bases``."""

    name: str
    labour_force: Mapping[str, int]
    lies_in: Mapping[str, str] = field(default_factory=dict)
    """Provinces of today that the basis does not know, and the one of its own in which each lies."""

    def code_of(self, province_code: str) -> str:
        """The province of this basis in which today's province lies."""
        return self.lies_in.get(province_code, province_code)


def basis_named(name: str) -> Basis:
    known = _bases_there()
    if name not in known:
        raise InvalidInput("basis_unknown", field="basis", known=", ".join(known))
    return _basis(name)


@cache
def _bases_there() -> tuple[str, ...]:
    return tuple(sorted(each.stem for each in _FOLDER.glob("*.toml")))


@cache
def _basis(name: str) -> Basis:
    import tomllib  # only where a wave is planned, joined or drawn: cold starts

    row = tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))
    force, lies_in = dict(sorted(row["labour_force"].items())), row["lies_in"]
    if {lies_in.get(code, code) for code in PROVINCES} != force.keys() or row["name"] != name:
        raise Misconfigured("basis_invalid", field=f"{name}: each province of today must lie in one of labour_force")
    return Basis(name, force, lies_in)
