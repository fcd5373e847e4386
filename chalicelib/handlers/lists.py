"""Doors of ministries' lists: dropped into the bucket, loaded in pieces, put in force by a second person."""

from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_plus

from chalice.app import Blueprint
from pydantic import Field

from chalicelib import bootstrap
from chalicelib.domain.commands import Change
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.domain.identifiers import ListName
from chalicelib.domain.known_lists import known_lists, list_named
from chalicelib.domain.lists import Phase
from chalicelib.domain.mail import Language
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.changes import each_change
from chalicelib.handlers.doors import Access, Body, Caller, Page
from chalicelib.handlers.list_replies import (
    FlawsReply,
    ListsReply,
    VersionReply,
    VersionsReply,
    flaw_told,
    list_told,
    version_told,
)
from chalicelib.handlers.replies import replies
from chalicelib.settings import queue_name, stream_arn
from chalicelib.use_cases.lists.activate_list import activate_list
from chalicelib.use_cases.lists.discard_list import discard_list
from chalicelib.use_cases.lists.follow_list import follow_list
from chalicelib.use_cases.lists.load_list import load_list
from chalicelib.use_cases.lists.receive_list import receive_list
from chalicelib.use_cases.lists.screen_listed import screen_listed

blueprint = Blueprint(__name__)


class Activation(Body):
    despite: list[str] = Field(default=[], max_length=10, description="Every warning of the version.")


@blueprint.route("/v1/staff/lists", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_lists(language: Language) -> ListsReply:
    """All lists that the programme knows, and which version of each is in force."""
    heads = {head.name: head for head in bootstrap.lists().heads()}
    return ListsReply(lists=[list_told(ListName(name), heads, language) for name in known_lists()])


@blueprint.route("/v1/staff/lists/{list}/versions", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_versions(list: str, page: Page, language: Language) -> VersionsReply:
    """A list's versions, newest first."""
    before = _number_in(page)
    found = bootstrap.lists().newest_first(list_named(list).name, limit=page.limit, before=before)
    last = str(found[-1].number) if len(found) == page.limit else None
    return VersionsReply(versions=[version_told(version, language) for version in found], next=cursor(last))


@blueprint.route("/v1/staff/lists/{list}/versions/{number}/flaws", methods=["GET"])
@replies(blueprint, access=Access.STAFF)
def show_flaws(list: str, number: int, page: Page, language: Language) -> FlawsReply:
    """What is wrong with a file's lines, in the order in which it was found: the first thousand."""
    version = bootstrap.lists().get(list_named(list).name, number)
    if version is None:
        raise NotFound("list_version_unknown", field="number")
    flaws = bootstrap.list_files().flaws(version.flaws_name) if version.flaws_name else []
    start = _number_in(page) or 0
    rows = flaws[start : start + page.limit]
    end = start + len(rows)
    after = str(end) if end < len(flaws) else None
    return FlawsReply(flaws=[flaw_told(flaw, language) for flaw in rows], next=cursor(after))


@blueprint.route("/v1/staff/lists/{list}/versions/{number}/activations", methods=["POST"])
@replies(blueprint, access=Access.APPROVER, status=HTTPStatus.CREATED)
def activate(caller: Caller, list: str, number: int, body: Activation, language: Language) -> VersionReply:
    """Put a checked version in force. Whoever loaded it may not."""
    name = list_named(list).name
    lists, clock = bootstrap.lists(), bootstrap.clock()
    return version_told(activate_list(name, number, caller.staff_id, body.despite, lists=lists, clock=clock), language)


@blueprint.route("/v1/staff/lists/{list}/versions/{number}/discards", methods=["POST"])
@replies(blueprint, access=Access.STAFF, status=HTTPStatus.CREATED)
def discard(caller: Caller, list: str, number: int, language: Language) -> VersionReply:
    """Give up a version that is not in force."""
    return version_told(discard_list(list_named(list).name, number, caller.staff_id, lists=bootstrap.lists()), language)


@blueprint.on_dynamodb_record(stream_arn=stream_arn("lists"), batch_size=100)
@each_change
def follow_lists(change: Change) -> None:
    follow_list(change, messages=bootstrap.messages())


@blueprint.on_sqs_message(queue=queue_name("lists-to-load"), batch_size=1, maximum_concurrency=5)
@each_message
def load_lists(body: dict[str, Any]) -> None:
    """A notice of S3's that a file came, or the next step of a load."""
    lists, files = bootstrap.lists(), bootstrap.list_files()
    if "list" in body:
        return load_list(
            ListName(body["list"]),
            body["number"],
            Phase(body["phase"]),
            body["step"],
            lists=lists,
            files=files,
            entries=bootstrap.list_entries(),
            indexer=bootstrap.indexer(),
        )
    for record in body.get("Records", ()):
        object_key = unquote_plus(record["s3"]["object"]["key"])
        receive_list(object_key, lists=lists, files=files, clock=bootstrap.clock())


@blueprint.on_sqs_message(queue=queue_name("listed-to-screen"), batch_size=1, maximum_concurrency=10)
@each_message
def screen_listed_people(body: dict[str, Any]) -> None:
    screen_listed(
        ListName(body["list"]),
        body["number"],
        body["shard"],
        lists=bootstrap.lists(),
        files=bootstrap.list_files(),
        applicants=bootstrap.applicants(),
        indexer=bootstrap.indexer(),
        messages=bootstrap.messages(),
    )


def _number_in(page: Page) -> int | None:
    if page.after and not (page.after.isascii() and page.after.isdigit() and len(page.after) <= 9):
        raise InvalidInput("number_expected", field="after")
    return int(page.after) if page.after else None
