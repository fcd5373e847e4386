"""Staff arm the gate for an opening that was announced, or switch it on or off by hand."""

from datetime import datetime, timedelta

from chalicelib.domain.admission import Gate, armed
from chalicelib.ports import Clock, Gates


def arm_gate(begins_at: datetime, spread: timedelta, *, asks_proof: bool, gates: Gates, clock: Clock) -> Gate:
    gate = armed(gates.get(), begins_at=begins_at, spread=spread, asks_proof=asks_proof, now=clock.now())
    gates.save(gate)
    return gate
