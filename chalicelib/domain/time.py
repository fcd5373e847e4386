"""The programme's clock face: Western Indonesian Time, UTC+7, no daylight saving."""

from datetime import UTC, date, datetime, time, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")


def wib_date(moment: datetime) -> date:
    """The calendar day in Jakarta at ``moment`` (any zone)."""
    return moment.astimezone(WIB).date()


def age_on(day: date, born: date) -> int:
    """Completed years of life on ``day``."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def from_epoch(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def next_midnight(moment: datetime) -> datetime:
    """When the next day begins in Jakarta: quotas of a day are counted by it."""
    return datetime.combine(wib_date(moment) + timedelta(days=1), time(), WIB)
