"""Doors of the audit log: for approvers, for the person whose case it is, and the clock that anchors it."""

from datetime import datetime
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent

from chalicelib import bootstrap
from chalicelib.domain.audit import Entry
from chalicelib.handlers.arguments import cursor
from chalicelib.handlers.case_bodies import SubjectAsked
from chalicelib.handlers.doors import PERSONAL, Access, Body, Caller, Page
from chalicelib.handlers.replies import replies
from chalicelib.observability import correlated, new_correlation_id
from chalicelib.use_cases.audit.anchor_audit import anchor_audit as anchor
from chalicelib.use_cases.audit.read_access_log import read_access_log
from chalicelib.use_cases.audit.read_audit import read_audit
from chalicelib.use_cases.support.casework import Casework

blueprint = Blueprint(__name__)


class AccessReply(Body):
    """Which officer it was is the programme's to know."""

    at: datetime
    role: str
    act: str
    fields: list[str]
    reason: str


class AccessLog(Body):
    entries: list[AccessReply]
    next: str | None


class AuditReply(AccessReply):
    staff: str
    correlation_id: str
    entry: str
    digest: str


class AuditTrail(Body):
    entries: list[AuditReply]
    next: str | None


@blueprint.route("/v1/me/access-log", methods=["GET"])
@replies(blueprint, access=Access.APPLICANT, keep=PERSONAL)
def show_access_log(caller: Caller, page: Page) -> AccessLog:
    """Who of the programme looked at one's case, when, at which fields, and why. Newest first."""
    entries, last = read_access_log(
        caller.applicant_id,
        after=page.after,
        limit=page.limit,
        audit_log=bootstrap.audit_log(),
        indexer=bootstrap.indexer(),
    )
    return AccessLog(entries=[AccessReply(**_told(each)) for each in entries], next=cursor(last))


@blueprint.route("/v1/staff/audit", methods=["GET"])
@replies(blueprint, access=Access.APPROVER)
def show_audit(caller: Caller, query: SubjectAsked, page: Page) -> AuditTrail:
    """Who looked at one case. That you asked is put on record as well."""
    casework = Casework(bootstrap.applicants(), bootstrap.audit_log(), bootstrap.clock())
    entries, last = read_audit(query.subject, caller.officer, after=page.after, limit=page.limit, casework=casework)
    return AuditTrail(entries=[_trail(each) for each in entries], next=cursor(last))


@blueprint.schedule("rate(1 hour)")
def anchor_audit(_event: CloudWatchEvent) -> None:
    """The first of a day (in Jakarta) stands; the others are there because a tick may be lost."""
    with correlated(new_correlation_id()):
        anchor(audit_log=bootstrap.audit_log(), audit_roots=bootstrap.audit_roots(), clock=bootstrap.clock())


def _told(entry: Entry) -> dict[str, Any]:
    deed = entry.deed
    return {
        "at": deed.at,
        "role": deed.role.value,
        "act": deed.act.value,
        "fields": list(deed.fields),
        "reason": deed.reason,
    }


def _trail(entry: Entry) -> AuditReply:
    place = f"{entry.chain}/{entry.number}"
    return AuditReply(
        **_told(entry), staff=entry.deed.staff, correlation_id=entry.correlation_id, entry=place, digest=entry.digest
    )
