"""What the laptop asks of whatever stands in for AWS; ``moto_engine`` and ``ministack_engine`` answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

REGION = "ap-southeast-3"
ACCOUNT = "123456789012"

# Neither engine checks them, but botocore refuses to sign without.
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    # Everything is on loopback, where an office's proxy has no business.
    "NO_PROXY": "127.0.0.1,localhost",
    "no_proxy": "127.0.0.1,localhost",
}


class EngineFailed(Exception):
    """The engine did not start, or died."""


@dataclass(frozen=True)
class StoredMail:
    """One accepted mail. ``recipients`` is the envelope; empty means whoever the headers name."""

    message_id: str
    raw: bytes
    sent_at: datetime | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True)
class QueueDepth:
    visible: int = 0
    in_flight: int = 0
    delayed: int = 0

    @property
    def idle(self) -> bool:
        return not (self.visible or self.in_flight)


@dataclass(frozen=True)
class Page:
    """Records as Lambda gets them, but for ``eventSourceARN``. ``last`` is where to go on, even past none of them."""

    records: list[dict[str, Any]]
    last: str | None


class RecordReader(Protocol):
    """One table's stream, in order."""

    stream_arn: str

    def open_shards(self, finished: Sequence[str]) -> list[str]:
        """The shards that may be read now: parents before their children."""

    def read(self, shard: str, after: str | None, limit: int) -> Page:
        """What follows that sequence number, or the oldest kept. ``last`` is None when there is nothing new."""

    def is_finished(self, shard: str) -> bool:
        """True when the shard was closed and has been read to its end."""


class Direct(Protocol):
    """A way round the API, for an engine in this process: an idle look costs microseconds, not 2 ms under a lock."""

    def has_visible(self, queue: str) -> bool: ...

    def depth(self, queue: str) -> QueueDepth: ...

    def record_reader(self, table: str) -> RecordReader: ...


class Engine(Protocol):
    """Start it, put ``environment`` into ``os.environ``, then import the application."""

    direct: Direct | None

    @property
    def environment(self) -> dict[str, str]: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def mails(self) -> list[StoredMail]:
        """Every mail accepted so far, in order of acceptance."""

    def is_alive(self) -> bool: ...
