"""The worker of registrations. Apart from the views: what reads requests is half of what importing them costs, and a
launch's first second starts workers by the dozen.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.domain.mail import Language
from chalicelib.handlers.batches import each_message_after
from chalicelib.settings import queue_name
from chalicelib.use_cases.registration.open_account import (
    Asked,
    DoneTogether,
    Opening,
    open_account,
    open_new_accounts,
)

blueprint = Blueprint(__name__)


def _asked(body: Mapping[str, Any]) -> Asked:
    return Asked(body["email"], Language(body["language"]), body["registration_id"], body.get("source"))


def _opening() -> Opening:
    return Opening(
        accounts=bootstrap.accounts(),
        buckets=bootstrap.buckets(),
        disposable_domains=bootstrap.disposable_domains(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )


def _open_new(bodies: Sequence[Mapping[str, Any]]) -> DoneTogether:
    return open_new_accounts([_asked(body) for body in bodies], _opening())


@blueprint.on_sqs_message(
    queue=queue_name("registrations-to-open"),
    batch_size=25,
    maximum_batching_window_in_seconds=1,
    maximum_concurrency=50,
)
@each_message_after(_open_new)
def open_accounts(body: dict[str, Any], done: DoneTogether | None) -> None:
    open_account(_asked(body), done or DoneTogether(), opening=_opening(), messages=bootstrap.messages())
