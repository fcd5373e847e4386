"""What is there before anybody comes: staff, partners, a course, three waves, ministries' lists."""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib import bootstrap
from chalicelib.domain.identifiers import ClientCode, CourseCode, ListName, ScheduleCode, StaffId, WaveNumber
from chalicelib.domain.money import Rupiah
from chalicelib.domain.officers import Officer
from chalicelib.domain.registration import Role
from chalicelib.domain.selection.work import Phase
from chalicelib.domain.training import Course, LearningMethod, Schedule
from chalicelib.domain.wave_plans import WavePlan
from chalicelib.domain.waves import WaveState
from chalicelib.use_cases.lists.activate_list import activate_list
from chalicelib.use_cases.registration.enrol_staff import enrol_staff
from chalicelib.use_cases.selection.follow_wave import draw_step
from chalicelib.use_cases.training.enrol_partner import enrol_partner
from chalicelib.use_cases.training.list_course import list_course, list_schedule
from chalicelib.use_cases.waves.approve_annulment import approve_annulment
from chalicelib.use_cases.waves.approve_wave import approve_wave
from chalicelib.use_cases.waves.ask_annulment import ask_annulment
from chalicelib.use_cases.waves.desk import Desk
from chalicelib.use_cases.waves.move_waves import move_waves
from chalicelib.use_cases.waves.plan_wave import plan_wave
from tests.fakes import FakeAuditLog
from tests.integration import cast, listing
from tests.integration.cast import EVENING, NOON
from tests.integration.town import Town

_DIGEST = "0f" * 32
_PLANNER, _CHECKER = (Officer(StaffId(name), Role.APPROVER) for name in ("perencana", "pemeriksa"))


class Told:
    """Chance that says what it was told to say."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        return self._token


def found(town: Town) -> None:
    town.clock.at = EVENING
    _enrol_staff()
    _enrol_partners()
    _list_course()
    _plan_waves()
    _doubt_draws()
    _load_lists(town)
    town.clock.at = EVENING + timedelta(minutes=30)
    _tick()


def draw(town: Town) -> None:
    """Wave 1 is announced; wave 2 is closed and waits for its draw. Each tick moves a wave by one step."""
    town.clock.at = EVENING + timedelta(hours=2, minutes=30)
    _tick()
    _draw_steps(town)
    town.clock.at += timedelta(minutes=50)  # the list came late, so a later random value was named
    _draw_steps(town)
    _tick()
    town.clock.at = NOON - timedelta(minutes=4)
    _tick()


def _draw_steps(town: Town) -> None:
    """As the stream of the table would ask for them."""
    town.tell("take_draw_steps", wave=cast.DRAWN_WAVE)
    while True:
        work = bootstrap.draw_works().get(WaveNumber(cast.DRAWN_WAVE))
        if work is None or work.state in (Phase.SEALED, Phase.DONE):
            return
        for piece in range(work.pieces):
            town.tell("take_draw_steps", **draw_step(work, piece))


def _tick() -> None:
    move_waves(waves=bootstrap.waves(), messages=bootstrap.messages(), clock=bootstrap.clock())


def _enrol_staff() -> None:
    tokens = {cast.STAFF: Role.STAFF, cast.FIRST_APPROVER: Role.APPROVER, cast.SECOND_APPROVER: Role.APPROVER}
    tokens |= {cast.CASEWORKER: Role.CASEWORKER, cast.OWN_STAFF: Role.STAFF}
    for token, role in tokens.items():
        enrol_staff(
            StaffId(token.removeprefix("sesi-")),
            role,
            cast.CAST["yuni"].email if token == cast.OWN_STAFF else None,
            accounts=bootstrap.accounts(),
            indexer=bootstrap.indexer(),
            chance=Told(token),
            clock=bootstrap.clock(),
        )


def _enrol_partners() -> None:
    for code, key in cast.SIGN_KEYS.items():
        enrol_partner(ClientCode(code), code.title(), courses=bootstrap.courses(), chance=Told(key))


def _list_course() -> None:
    code = CourseCode(cast.COURSE)
    course = Course(
        code=code,
        title="Manajemen Warung Kopi",
        platform=ClientCode(cast.PLATFORM),
        provider=ClientCode(cast.PROVIDER),
        price=Rupiah(cast.PRICE),
        method=LearningMethod.ONLINE,
    )
    list_course(course, courses=bootstrap.courses())
    days = date(2026, 3, 1), date(2026, 6, 30)
    schedule = Schedule(ScheduleCode(cast.SCHEDULE), code, *days, sessions=2, seats=40)
    list_schedule(schedule, courses=bootstrap.courses())


def _load_lists(town: Town) -> None:
    """Who was laid off is in force; wage subsidy, with a flaw, and micro-business aid wait for a second person; of
    social aid the file has just been dropped."""
    listed = (*(cast.CAST[name] for name in ("dewi", "eka")), cast.NEWCOMER)
    laid_off = [listing.a_line(person.nik, "laid_off", person.email) for person in listed]
    listing.load(town, "LAID_OFF", listing.drop("LAID_OFF", "phk.csv", laid_off, loader="staf"))
    approver = StaffId(cast.SECOND_APPROVER.removeprefix("sesi-"))
    activate_list(ListName("LAID_OFF"), 1, approver, (), lists=bootstrap.lists(), clock=bootstrap.clock())
    subsidised = [listing.a_line(listing.somebody(number), "wage_subsidy") for number in range(1, 61)]
    subsidised.append(listing.a_line("3174", "wage_subsidy"))
    listing.load(town, "BSU", listing.drop("BSU", "bsu.csv", subsidised, loader="staf"))
    aided = [listing.a_line(listing.somebody(number), "micro_business_aid") for number in range(1, 4)]
    loader = cast.FIRST_APPROVER.removeprefix("sesi-")
    listing.load(town, "BPUM", listing.drop("BPUM", "bpum.csv", aided, loader=loader))
    listing.drop("DTKS", "dtks semester 1.csv", [listing.a_line(listing.somebody(1), "social_aid")])


def _plan_waves() -> None:
    begins = EVENING + timedelta(minutes=1)
    soon, dawn = EVENING + timedelta(hours=2), NOON - timedelta(minutes=5)
    times = {
        cast.UNANNOUNCED_WAVE: (begins, soon, NOON + timedelta(hours=2)),
        cast.DOUBTED_WAVE: (begins, soon, NOON + timedelta(hours=2)),
        cast.PLANNED_WAVE: (NOON + timedelta(days=7), NOON + timedelta(days=11), NOON + timedelta(days=12)),
        cast.DRAWN_WAVE: (begins, soon, soon + timedelta(minutes=10)),
        cast.CLOSED_WAVE: (begins, dawn, NOON + timedelta(hours=1)),
        cast.OPEN_WAVE: (NOON - timedelta(seconds=30), NOON + timedelta(days=4), NOON + timedelta(days=5)),
    }
    for number, moments in times.items():
        plan = WavePlan(number, *moments, quota=1000, scheme="2023")
        desk = _desk(f"rahasia-undian-{number}")
        wave = plan_wave(plan, _PLANNER, desk=desk)
        if number != cast.PLANNED_WAVE:
            approve_wave(wave.number, wave.version, _CHECKER, desk=desk)


def _doubt_draws() -> None:
    """Two draws in which nobody took part, made without the work of drawing."""
    waves, desk = bootstrap.waves(), _desk("")
    for number in (cast.UNANNOUNCED_WAVE, cast.DOUBTED_WAVE):
        wave = desk.known(WaveNumber(number))
        waves.save(replace(wave, state=WaveState.DRAWN, draw_digest=_DIGEST, entries=0, awards=0))
    ask_annulment(WaveNumber(cast.DOUBTED_WAVE), _DIGEST, "Basis provinsinya keliru.", _PLANNER, desk=desk)
    approve_annulment(WaveNumber(cast.DOUBTED_WAVE), _DIGEST, _CHECKER, desk=desk)


def _desk(secret: str) -> Desk:
    """What it does goes on no record: tests begin with an empty one."""
    return Desk(bootstrap.waves(), FakeAuditLog(), bootstrap.beacon(), Told(secret), bootstrap.clock())
