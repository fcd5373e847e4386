"""Time and chance as the world has them."""

import secrets
import time
from datetime import UTC, datetime


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait_until(self, moment: datetime) -> None:
        time.sleep(max(0.0, (moment - self.now()).total_seconds()))


class SystemChance:
    def token(self) -> str:
        return secrets.token_urlsafe(32)
