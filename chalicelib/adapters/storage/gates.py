"""The gate's one item, in table ``accounts``: what registrations look at lies where their role may read anyway."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.adapters.gate_look import GATE_KEY
from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, found, save
from chalicelib.domain.admission import Gate
from chalicelib.settings import region, resource_name


class GateItem(Item):
    """pk = ``gate``, sk = ``-``. ``ends`` (epoch seconds) is what a hurried reader looks at first; no time to live."""

    class Meta:
        table_name = resource_name("accounts")
        region = region()
        connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]

    opening = UnicodeAttribute(null=True)
    began_at = UnicodeAttribute(null=True)
    spread = NumberAttribute()
    asks_proof = BooleanAttribute()
    set_by = UnicodeAttribute()
    waiting = NumberAttribute()
    seen_at = UnicodeAttribute(null=True)
    ends = NumberAttribute(null=True)


class GateTable:
    def get(self) -> Gate:
        item = found(GateItem, *GATE_KEY)
        return from_fields(Gate, item) if item else Gate()

    def save(self, gate: Gate) -> None:
        ends = int(gate.ends_at.timestamp()) if gate.ends_at else None
        item = GateItem(*GATE_KEY, kind="gate", id="gate", state="kept", ends=ends, **to_fields(gate))
        save(item, read_version=gate.version)
