"""Table ``training``: courses with their schedules, and partners."""

from collections.abc import Sequence

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from chalicelib.adapters.sealing import KmsSealer
from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, found, save
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.identifiers import ClientCode, CourseCode, ScheduleCode
from chalicelib.domain.training import Course, Partner, Schedule
from chalicelib.settings import region, resource_name

_CATALOGUE = "catalogue"


class TrainingMeta:
    table_name = resource_name("training")
    region = region()
    connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]


class CourseItem(Item):
    """pk = ``catalogue``, sk = course code: some 6,000 items that staff write and pages read from a cache."""

    class Meta(TrainingMeta):
        pass

    code = UnicodeAttribute()
    title = UnicodeAttribute()
    platform = UnicodeAttribute()
    provider = UnicodeAttribute()
    price = NumberAttribute()
    method = UnicodeAttribute()
    category = UnicodeAttribute(null=True)


class ScheduleItem(Item):
    """pk = ``course#`` and the course code, sk = schedule code."""

    class Meta(TrainingMeta):
        pass

    code = UnicodeAttribute()
    course_code = UnicodeAttribute()
    starts_on = UnicodeAttribute()
    ends_on = UnicodeAttribute()
    sessions = NumberAttribute()
    seats = NumberAttribute()
    seats_taken = NumberAttribute(default=0)


class PartnerItem(Item):
    """pk = ``partner#`` and the client code, sk = ``-``. The sign key is needed in the clear to check: sealed."""

    class Meta(TrainingMeta):
        pass

    client_code = UnicodeAttribute()
    name = UnicodeAttribute()
    sign_key = BinaryAttribute(legacy_encoding=False)
    clock_window = NumberAttribute()
    is_sandbox = BooleanAttribute(default=False)


class CourseTable:
    def __init__(self, sealer: KmsSealer) -> None:
        self._sealer = sealer

    def put(self, course: Course) -> None:
        item = CourseItem(_CATALOGUE, course.code, kind="course", id=course.code, state="listed", **to_fields(course))
        save(item, read_version=course.version)

    def get(self, code: CourseCode) -> Course | None:
        item = found(CourseItem, _CATALOGUE, code)
        return from_fields(Course, item) if item else None

    def page(self, *, after: CourseCode | None, limit: int) -> Sequence[Course]:
        later = CourseItem.sk > after if after else None
        try:
            return [from_fields(Course, item) for item in CourseItem.query(_CATALOGUE, later, limit=limit)]
        except PynamoDBException as error:
            raise StoreUnavailable from error

    def put_schedule(self, schedule: Schedule) -> None:
        save(schedule_item(schedule), read_version=schedule.version)

    def schedule(self, course: CourseCode, code: ScheduleCode) -> Schedule | None:
        item = found(ScheduleItem, f"course#{course}", code)
        return from_fields(Schedule, item) if item else None

    def schedules(self, course: CourseCode) -> Sequence[Schedule]:
        try:
            return [from_fields(Schedule, item) for item in ScheduleItem.query(f"course#{course}", limit=100)]
        except PynamoDBException as error:
            raise StoreUnavailable from error

    def put_partner(self, partner: Partner) -> None:
        sealed = self._sealer.seal(partner.sign_key.encode(), place=_place(partner.client_code))
        written = to_fields(partner, without=("sign_key",))
        code = partner.client_code
        item = PartnerItem(f"partner#{code}", "-", kind="partner", id=code, state="known", sign_key=sealed, **written)
        save(item, read_version=partner.version)

    def partner(self, client_code: ClientCode) -> Partner | None:
        item = found(PartnerItem, f"partner#{client_code}")
        if item is None:
            return None
        sign_key = self._sealer.open(item.sign_key, place=_place(client_code)).decode()
        return from_fields(Partner, item, sign_key=sign_key)


def schedule_item(schedule: Schedule) -> ScheduleItem:
    written = to_fields(schedule)
    return ScheduleItem(
        f"course#{schedule.course_code}", schedule.code, kind="schedule", id=schedule.code, state="planned", **written
    )


def _place(client_code: str) -> str:
    return f"training/{client_code}/sign_key"
