"""List files of ministries, as they are dropped into the bucket of a town."""

from collections.abc import Iterable

import boto3

from chalicelib import bootstrap
from chalicelib.domain.identifiers import ListName
from chalicelib.domain.lists import ListVersion
from tests.integration.town import STAGE, Town

HEADER = "nik,category,valid_from,valid_until,email"


def a_line(nik: str, category: str, email: str = "") -> str:
    return f"{nik},{category},2026-01-01,,{email}"


def somebody(number: int) -> str:
    """A NIK that is nobody's of the cast."""
    return f"317405450596{number:04d}"


def drop(list: str, name: str, lines: Iterable[str], **notes: str) -> str:
    """The object's key."""
    key = f"lists/incoming/{list}/{name}"
    content = "\n".join([HEADER, *lines, ""]).encode()
    boto3.client("s3").put_object(Bucket=f"prakerja-{STAGE}-files", Key=key, Body=content, Metadata=notes)
    return key


def load(town: Town, list: str, key: str) -> ListVersion:
    """All steps of it, by hand: what else was changed is not followed."""
    town.tell("load_lists", Records=[{"s3": {"object": {"key": key}}}])
    while (version := newest(list)).is_loading:
        step = {"phase": version.phase.value, "step": version.step}
        town.tell("load_lists", list=list, number=version.number, **step)
    return version


def newest(list: str) -> ListVersion:
    return bootstrap.lists().newest_first(ListName(list), limit=1)[0]
