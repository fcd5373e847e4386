"""Time and chance as the world has them."""

import secrets
from datetime import UTC, datetime


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SystemChance:
    def token(self) -> str:
        return secrets.token_urlsafe(32)
