"""What stands before the functions. Chosen when a stage is packaged: see docs/decisions/0008-four-fronts.md.

Laid on last, over the whole template: Chalice can only merge, and the other fronts take something away.
"""

from collections.abc import Callable, Mapping
from typing import Any

from infra.fronts.direct_queue import with_direct_queue
from infra.fronts.http_api import behind_http_api
from infra.fronts.own_function import with_own_function
from infra.template import TemplateError

Json = dict[str, Any]
REST = "rest"
FRONTS: Mapping[str, Callable[[Json], Json]] = {
    REST: dict,
    "http-api": behind_http_api,
    "direct-queue": with_direct_queue,
    "own-function": with_own_function,
}


def with_front(template: Json, front: str) -> Json:
    """``template`` as Chalice made it of code and overlay, with ``front`` before it; ``template`` itself stays."""
    if front not in FRONTS:
        raise TemplateError(f"there is no front {front}, only {', '.join(FRONTS)}")
    return FRONTS[front](template)
