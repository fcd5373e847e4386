"""A file has come: make a version of it."""

from contextlib import suppress

from chalicelib.domain.errors import AlreadyDone, NotFound
from chalicelib.domain.known_lists import list_named
from chalicelib.domain.lists import LARGEST_FILE_BYTES, ListUpload, ListVersion, receive, refuse
from chalicelib.ports import Clock, ListFiles, Lists


def receive_list(object_key: str, *, lists: Lists, files: ListFiles, clock: Clock) -> None:
    """Nothing happens when this very upload was received before. Its load is driven by the table's stream."""
    known = list_named(_list_in(object_key))
    upload = files.upload(object_key)
    if upload is None:
        raise NotFound("list_file_gone")
    head, version = receive(lists.head(known.name), upload, now=clock.now())
    with suppress(AlreadyDone):
        lists.receive(head, _unless_beyond_bounds(version, upload))


def _unless_beyond_bounds(version: ListVersion, upload: ListUpload) -> ListVersion:
    if not upload.size_bytes:
        return refuse(version, "list_file_empty")
    if upload.size_bytes > LARGEST_FILE_BYTES:
        return refuse(version, "list_file_too_large", most=LARGEST_FILE_BYTES)
    return version


def _list_in(object_key: str) -> str:
    """``lists/incoming/<LIST>/<name>``"""
    parts = object_key.split("/")
    return parts[2] if len(parts) == 4 else ""
