"""What is seen from outside: one structured log, metrics, and the correlation id that joins them.

The id is born with the request (or taken from ``X-Correlation-Id``), travels in every message, item and mail, and is
set anew by each door. Personal data has no place in a log: handlers log codes and ids of ours only, and the redactor
below masks what slips through.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.metrics import Metrics, MetricUnit

# Not the app's own name: Chalice puts a plain-text handler on the logger of that name.
_SERVICE = "kartu-prakerja"
# At DEBUG these write whole requests and answers: addresses, secrets. No setting of ours may bring that into a log.
for _library in ("botocore", "boto3", "urllib3", "pynamodb", "s3transfer"):
    logging.getLogger(_library).setLevel(logging.WARNING)

_correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
_LAWFUL_ID = re.compile(r"[A-Za-z0-9._:=-]{8,64}")
_SIXTEEN_DIGITS = re.compile(r"(?<![\w.])\d{8,20}(?!\w)")
_EMAIL = re.compile(r"[^\s\"'<>@]{1,64}@[^\s\"'<>@]{1,253}")
_PHONE = re.compile(r"\+62\d{7,13}")


def correlation_id() -> str:
    return _correlation_id.get()


def new_correlation_id(offered: str | None = None) -> str:
    """The offered id where it is a lawful one: it goes into logs and must not be a way to write there."""
    return offered if offered and _LAWFUL_ID.fullmatch(offered) else uuid4().hex


@contextmanager
def correlated(id: str) -> Iterator[None]:
    """Everything logged, sent and stored inside belongs to ``id``."""
    token = _correlation_id.set(id)
    try:
        yield
    finally:
        _correlation_id.reset(token)


def redacted(text: str) -> str:
    """``text`` without numbers as long as a NIK, phone or account, and without e-mail addresses."""
    return _SIXTEEN_DIGITS.sub("[number]", _PHONE.sub("[phone]", _EMAIL.sub("[email]", text)))


def _redacted_value(value: object) -> object:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, dict):
        return {name: _redacted_value(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_redacted_value(each) for each in value]
    return value


_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"correlation_id", "xray_trace_id"}


class _Redaction(logging.Filter):
    """The last line of defence, for every record of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.correlation_id = correlation_id()
        record.msg, record.args = redacted(record.getMessage()), ()
        for name in record.__dict__.keys() - _STANDARD:
            record.__dict__[name] = _redacted_value(record.__dict__[name])
        if record.exc_info and record.exc_info[1]:
            # A traceback's last line repeats the exception's text, which may quote the input that broke it.
            record.error = record.exc_info[0].__name__ if record.exc_info[0] else None
            record.trace = _frames(record)
            record.exc_info = None
        return True


def _frames(record: logging.LogRecord) -> list[str]:
    frames = []
    trace = record.exc_info[1].__traceback__ if record.exc_info and record.exc_info[1] else None
    while trace:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-12:]


@cache
def log() -> "Logger":
    from aws_lambda_powertools import Logger

    logger = Logger(service=_SERVICE, log_uncaught_exceptions=False)
    logger._logger.addFilter(_Redaction())
    return logger


@cache
def metrics() -> "Metrics":
    from aws_lambda_powertools.metrics import Metrics

    return Metrics(namespace="Prakerja", service=_SERVICE)


def count(name: str, **dimensions: str) -> None:
    """One occurrence of ``name`` as a metric (embedded metric format: one line of log, no call)."""
    from aws_lambda_powertools.metrics import MetricUnit

    _write_metric(name, MetricUnit.Count, 1, dimensions)


def gauge(name: str, value: float, **dimensions: str) -> None:
    """How high ``name`` stands now."""
    from aws_lambda_powertools.metrics import MetricUnit

    _write_metric(name, MetricUnit.NoUnit, value, dimensions)


def _write_metric(name: str, unit: "MetricUnit", value: float, dimensions: Mapping[str, str]) -> None:
    from aws_lambda_powertools.metrics import single_metric

    with single_metric(name=name, unit=unit, value=value, namespace="Prakerja") as metric:
        metric.add_dimension("service", _SERVICE)
        for dimension, each in dimensions.items():
            metric.add_dimension(dimension, each)
