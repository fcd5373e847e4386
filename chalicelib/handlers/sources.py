"""Where a request comes from, for whoever counts by networks."""

import hmac
from collections.abc import Mapping

from chalicelib.settings import edge_key

KEY_HEADER = "x-edge-key"


def source_of(headers: Mapping[str, str], peer: str) -> str:
    """``headers`` in lower case; ``peer``: whoever the gateway saw. That may be the edge, before whose address the one
    stands that the edge saw. What anybody else writes there is not believed: the edge proves itself."""
    expected = edge_key()
    if expected is None or not hmac.compare_digest(headers.get(KEY_HEADER, "").encode(), expected.encode()):
        return peer
    seen = headers.get("x-forwarded-for", "").split(",")
    return seen[-2].strip() if len(seen) > 1 else peer
