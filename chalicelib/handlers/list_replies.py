"""How lists, their versions and what is wrong with them are told to staff."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import Field

from chalicelib.domain.identifiers import ListName
from chalicelib.domain.known_lists import list_named
from chalicelib.domain.list_rows import Flaw
from chalicelib.domain.lists import ListHead, ListVersion, Phase, VersionState
from chalicelib.domain.mail import Language
from chalicelib.handlers.doors import Body
from chalicelib.handlers.wording import message


class ListReply(Body):
    list: str
    title: str
    body: str
    categories: Sequence[str]
    is_priority: bool
    active_version: int | None = Field(description="The version in force.")
    as_of: datetime | None = Field(description="When the file of the version in force came.")
    people: int


class ListsReply(Body):
    lists: Sequence[ListReply]


class VersionReply(Body):
    list: str
    number: int
    state: VersionState
    phase: Phase
    step: int
    steps: int | None = Field(description="Of this phase; unknown while the file is read.")
    loader: str
    body: str
    received_at: datetime
    size_bytes: int
    lines: int
    flaws: int
    flaws_kept: int
    duplicates: int
    people: int
    added: int
    removed: int
    changed: int
    unchanged: int
    by_category: Mapping[str, Mapping[str, int]]
    based_on: int | None
    warnings: Sequence[str] = Field(description="To be named in `despite` by whoever puts it in force.")
    reason: str | None
    reason_told: str | None = Field(description="The same in words.")
    activated_by: str | None
    activated_at: datetime | None
    discarded_by: str | None


class VersionsReply(Body):
    versions: Sequence[VersionReply]
    next: str | None


class FlawReply(Body):
    line: int
    field: str
    code: str
    told: str
    shown: str | None = Field(description="The number in question, masked.")


class FlawsReply(Body):
    flaws: Sequence[FlawReply]
    next: str | None


def list_told(name: ListName, heads: Mapping[ListName, ListHead], language: Language) -> ListReply:
    known, head = list_named(name), heads.get(name, ListHead(name))
    return ListReply(
        list=name,
        title=known.titles[language],
        body=known.body,
        categories=sorted(known.categories),
        is_priority=known.is_priority,
        active_version=head.active or None,
        as_of=head.as_of,
        people=head.people,
    )


def version_told(version: ListVersion, language: Language) -> VersionReply:
    counted = {name: getattr(version.counts, name) for name in version.counts.__slots__}
    plain = {name: getattr(version, name) for name in VersionReply.model_fields if hasattr(version, name)}
    told = {
        **counted,
        "steps": None if version.phase is Phase.READ else version.shards,
        "loader": version.upload.loader,
        "body": version.upload.body or list_named(version.list).body,
        "size_bytes": version.upload.size_bytes,
        "lines": version.reading.lines,
        "by_category": version.by_category,
        "based_on": version.based_on or None,
        "warnings": version.warnings,
        "reason_told": version.reason and message(version.reason, language, version.reason_details),
    }
    return VersionReply(**{**plain, **told})


def flaw_told(flaw: Flaw, language: Language) -> FlawReply:
    told = message(flaw.code, language, flaw.details)
    return FlawReply(line=flaw.line, field=flaw.where, code=flaw.code, told=told, shown=flaw.shown or None)
