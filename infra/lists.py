"""Load a ministry's list: ``python -m infra.lists load FILE --list BSU --loader NAME``, with the stage's environment.

The file goes to the bucket, where dropping it by hand would do the same; the platform loads it, and this tells how far
it is. It ends with 0 when the version waits for a second person, 1 when it was refused or does not end.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from tqdm import tqdm

from chalicelib import bootstrap
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.identifiers import ListName
from chalicelib.domain.known_lists import KnownList, known_lists, list_named
from chalicelib.domain.lists import BUCKET, LARGEST_FILE_BYTES, ListVersion, Phase, VersionState
from chalicelib.domain.mail import Language
from chalicelib.handlers.wording import message
from chalicelib.settings import resource_name

LOOK_SECONDS = 0.5
_VERSIONS_LOOKED_AT = 20
_CHUNK_BYTES = 1024 * 1024


class LoadFailed(Exception):
    """For people: the message says what to do."""


def upload(path: Path, known: KnownList, *, loader: str, body: str = "", is_quiet: bool = True) -> str:
    """The object's key. How many lines there are goes along: so a file that is cut off is seen."""
    size = path.stat().st_size
    if size > LARGEST_FILE_BYTES:
        raise LoadFailed(f"{path} has {size} bytes; at most {LARGEST_FILE_BYTES} are taken")
    object_key = f"lists/incoming/{known.name}/{datetime.now(UTC):%Y%m%dT%H%M%S}-{_plain(path.name)}"
    notes = {"loader": loader, "body": body or known.body, "lines": str(_lines_in(path))}
    with _bar("upload", size, "B", is_quiet) as told:
        extra = {"Metadata": notes, "ContentType": "text/csv"}
        client = boto3.client("s3")
        client.upload_file(str(path), resource_name("files"), object_key, ExtraArgs=extra, Callback=told)
    return object_key


def _plain(name: str) -> str:
    return "".join(each if each.isascii() and (each.isalnum() or each in ".-_") else "-" for each in name)


def _lines_in(path: Path) -> int:
    """After the header; a last one without an end counts."""
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            lines, last = lines + chunk.count(b"\n"), chunk[-1:]
    return max(0, lines - (last == b"\n"))


def followed(name: ListName, object_key: str, *, wait_seconds: float, is_quiet: bool = True) -> ListVersion:
    """The version that the file became, when its load has ended."""
    deadline = time.monotonic() + wait_seconds
    with _bar("load", 100, "%", is_quiet) as told:
        seen = 0
        while time.monotonic() < deadline:
            version = _found(name, object_key)
            if version is not None:
                done = 100 if not version.is_loading else _percent(version)
                told(max(0, done - seen))
                seen = max(seen, done)
                if not version.is_loading:
                    return version
            time.sleep(LOOK_SECONDS)
    raise LoadFailed("the load did not end in time: look at GET /v1/staff/lists, and at the queue lists-to-load")


def _found(name: ListName, object_key: str) -> ListVersion | None:
    try:
        versions = bootstrap.lists().newest_first(name, limit=_VERSIONS_LOOKED_AT)
    except Unavailable:
        return None  # the load goes on all the same: look again
    return next((each for each in versions if each.upload.object_key == object_key), None)


def _percent(version: ListVersion) -> int:
    """Reading is half of it, comparing a fifth; writing may be quick or slow, as the difference is."""
    if version.phase is Phase.READ:
        return 50 * version.reading.offset // max(1, version.upload.size_bytes)
    begins, span = (50, 20) if version.phase is Phase.COMPARE else (70, 30)
    return begins + span * version.step // version.shards


@contextmanager
def _bar(name: str, total: int, unit: str, is_quiet: bool) -> Iterator[Callable[[int], Any]]:
    with tqdm(total=total, desc=name, unit=unit, unit_scale=unit == "B", disable=is_quiet, file=sys.stderr) as bar:
        yield bar.update


def told(version: ListVersion) -> dict[str, object]:
    reason = version.reason and message(version.reason, Language.ENGLISH, version.reason_details)
    return {
        "list": version.list,
        "version": version.number,
        "state": version.state.value,
        "loader": version.upload.loader,
        "lines": version.reading.lines,
        **asdict(version.counts),
        "by_category": version.by_category,
        "warnings": list(version.warnings),
        "reason": version.reason,
        "reason_told": reason,
    }


def _words(version: ListVersion) -> str:
    counts = version.counts
    lines = [
        f"{version.list} version {version.number}: {version.state.value}",
        f"  {version.reading.lines} lines, {counts.duplicates} twice, {counts.flaws} flaws; {counts.people} people",
        f"  {counts.added} added, {counts.removed} removed, {counts.changed} changed, {counts.unchanged} unchanged",
    ]
    if version.reason:
        lines.append("  refused: " + message(version.reason, Language.ENGLISH, version.reason_details))
    lines += [f"  look at: {warning}" for warning in version.warnings]
    if version.state is VersionState.CHECKED:
        lines.append(f"  Somebody else than {version.upload.loader} may put it in force now.")
    if counts.flaws:
        lines.append(f"  flaws: GET /v1/staff/lists/{version.list}/versions/{version.number}/flaws")
    return "\n".join(lines)


def main() -> int:
    arguments = _arguments()
    try:
        known, is_quiet = list_named(arguments.list), arguments.json
        key = upload(arguments.file, known, loader=arguments.loader, body=arguments.body, is_quiet=is_quiet)
        version = followed(known.name, key, wait_seconds=arguments.wait_seconds, is_quiet=is_quiet)
    except (LoadFailed, OSError, BotoCoreError, ClientError, Boto3Error) as failure:
        print(failure, file=sys.stderr)
        return 1
    print(json.dumps(told(version)) if arguments.json else _words(version))
    return 0 if version.state is VersionState.CHECKED else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command = parser.add_subparsers(dest="command", required=True).add_parser("load", help="load a file as a version")
    command.add_argument("file", type=Path)
    command.add_argument("--list", required=True, choices=list(known_lists()), metavar="LIST", help="e.g. BSU")
    command.add_argument("--loader", default=BUCKET, help="who loads it: a staff name; somebody else puts it in force")
    command.add_argument("--body", default="", help="who issues it; otherwise as the list says")
    command.add_argument("--wait-seconds", type=float, default=7_200)
    command.add_argument("--json", action="store_true", help="one line of JSON instead of bars and words")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
