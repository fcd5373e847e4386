"""Doors of the gate: how it stands, a turn for whoever asks, and the two who switch it (load and staff)."""

from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

from chalice.app import Blueprint, CloudWatchEvent
from pydantic import AwareDatetime, Field

from chalicelib import bootstrap
from chalicelib.domain.admission import LONGEST_ARMED_SECONDS, Gate, GateSetter, seconds_until
from chalicelib.domain.mail import Language
from chalicelib.handlers.doors import Access, Body, public_for
from chalicelib.handlers.replies import replies
from chalicelib.handlers.wording import message
from chalicelib.observability import correlated, count, new_correlation_id
from chalicelib.use_cases.admission.arm_gate import arm_gate
from chalicelib.use_cases.admission.issue_ticket import issue_ticket
from chalicelib.use_cases.admission.pose_challenge import pose_challenge
from chalicelib.use_cases.admission.steer_gate import steer_gate

blueprint = Blueprint(__name__)

_STATE_LIVES_SECONDS = 5
_ASK_AGAIN_SECONDS = {"open": 60, "spread": 15}


class GateState(StrEnum):
    OPEN = "open"
    SPREAD = "spread"
    """People are spread over some time: each has a turn."""


class GateReply(Body):
    state: GateState
    spread_ends_at: datetime | None = Field(description="From then on nobody needs a turn.")
    asks_proof_of_work: bool
    sentence: dict[Language, str] = Field(description="In both languages, so that one copy serves all readers.")


class Visitor(Body):
    email: str = Field(max_length=320, examples=["siti@contoh.example"])


class TicketWanted(Visitor):
    altcha: str | None = Field(None, max_length=2000, description="A solution, while the gate asks for proof of work.")


class ChallengeReply(Body):
    """As ALTCHA's widgets take it."""

    algorithm: str
    challenge: str
    maxnumber: int
    salt: str
    signature: str


class TicketReply(Body):
    """``wait_seconds`` is for clocks that are wrong. Without a ticket: nobody needs one now."""

    state: GateState
    ticket: str | None
    turn_at: datetime
    wait_seconds: int
    expires_at: datetime | None


class GateSet(Body):
    begins_at: AwareDatetime
    spread_seconds: int = Field(ge=0, le=LONGEST_ARMED_SECONDS, description="0 switches the gate off.")
    proof_of_work: bool = False


class GateArmed(Body):
    begins_at: datetime
    spread_ends_at: datetime
    asks_proof_of_work: bool
    set_by: GateSetter


def _ask_gate_again(gate: GateReply) -> int:
    return _ASK_AGAIN_SECONDS[gate.state]


def _ask_ticket_again(ticket: TicketReply) -> int:
    return ticket.wait_seconds


@blueprint.route("/v1/gate", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=public_for(_STATE_LIVES_SECONDS), ask_again=_ask_gate_again)
def show_gate() -> GateReply:
    """Whether one registers at once or has a turn. Places are drawn: nobody gains by being first."""
    gate = _gate()
    is_on = gate.is_on(bootstrap.clock().now())
    state = GateState.SPREAD if is_on else GateState.OPEN
    return GateReply(
        state=state,
        spread_ends_at=gate.ends_at if is_on else None,
        asks_proof_of_work=is_on and gate.asks_proof,
        sentence={language: message(f"gate_{state}", language) for language in Language},
    )


@blueprint.route("/v1/gate/challenges", methods=["POST"])
@replies(blueprint, access=Access.PUBLIC, status=HTTPStatus.CREATED)
def challenge(body: Visitor) -> ChallengeReply:
    """Work to do before a ticket, while the gate asks for it. A solution is good for this address only."""
    puzzle = pose_challenge(
        body.email, puzzles=bootstrap.puzzles(), indexer=bootstrap.indexer(), clock=bootstrap.clock()
    )
    return ChallengeReply(
        algorithm=puzzle.algorithm,
        challenge=puzzle.challenge,
        maxnumber=puzzle.most,
        salt=puzzle.salt,
        signature=puzzle.signature,
    )


@blueprint.route("/v1/gate/tickets", methods=["POST"])
@replies(blueprint, access=Access.PUBLIC, status=HTTPStatus.CREATED, ask_again=_ask_ticket_again)
def take_turn(body: TicketWanted) -> TicketReply:
    """One's turn, the same however often and from wherever one asks."""
    now = bootstrap.clock().now()
    issued = issue_ticket(
        body.email,
        body.altcha,
        _gate(),
        puzzles=bootstrap.puzzles(),
        indexer=bootstrap.indexer(),
        clock=bootstrap.clock(),
    )
    if issued is None:
        return TicketReply(state=GateState.OPEN, ticket=None, turn_at=now, wait_seconds=0, expires_at=None)
    ticket, text = issued
    return TicketReply(
        state=GateState.SPREAD,
        ticket=text,
        turn_at=ticket.turn_at,
        wait_seconds=seconds_until(ticket.turn_at, now),
        expires_at=ticket.expires_at,
    )


@blueprint.route("/v1/staff/gate", methods=["PUT"])
@replies(blueprint, access=Access.APPROVER)
def arm(body: GateSet) -> GateArmed:
    """Arm the gate for an announced opening, or switch it on or off, in place of what was set. Seen within 20 s."""
    spread = timedelta(seconds=body.spread_seconds)
    gate = arm_gate(
        body.begins_at, spread, asks_proof=body.proof_of_work, gates=bootstrap.gates(), clock=bootstrap.clock()
    )
    begins_at = gate.began_at or body.begins_at
    return GateArmed(
        begins_at=begins_at,
        spread_ends_at=begins_at + gate.spread,
        asks_proof_of_work=gate.asks_proof,
        set_by=gate.set_by,
    )


@blueprint.schedule("rate(1 minute)")
def watch_gate(_event: CloudWatchEvent) -> None:
    with correlated(new_correlation_id()):
        before, after = steer_gate(
            gates=bootstrap.gates(),
            depths=bootstrap.queue_depths(),
            traffic=bootstrap.mail_traffic(),
            clock=bootstrap.clock(),
        )
        tell_of_gate(before, after)


def tell_of_gate(before: Gate, after: Gate) -> None:
    """One count a minute while it is on, so that a graph shows when; one more when it turns."""
    was_on = before.seen_at is not None and before.is_on(before.seen_at)
    is_on = after.seen_at is not None and after.is_on(after.seen_at)
    if is_on:
        count("GateOn", set_by=after.set_by)
    if was_on is not is_on:
        count("GateTurned", to="on" if is_on else "off")


def _gate() -> Gate:
    return bootstrap.gate_look().gate() or Gate()
