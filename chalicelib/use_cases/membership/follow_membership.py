"""What follows when someone has become a recipient, and when time has brought something to their membership."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.domain.commands import Change
from chalicelib.domain.mail import Template, queue_for
from chalicelib.domain.membership import Due, MembershipState
from chalicelib.domain.money import Rupiah
from chalicelib.domain.schemes import scheme_named
from chalicelib.domain.time import wib_date
from chalicelib.ports import Messages

Blanks = Mapping[str, str | int]

_WARNINGS = {
    Due.WARN_FIRST_PURCHASE: (Due.REVOKE, Template.FIRST_PURCHASE_SOON),
    Due.WARN_BALANCE_END: (Due.END_BALANCE, Template.BALANCE_ENDS_SOON),
}
"""What a due has become when it was met; after a sale it is another."""
_ENDS = {
    MembershipState.REVOKED: Template.MEMBERSHIP_REVOKED,
    MembershipState.ENDED: Template.BALANCE_ENDED,
}


def follow_membership(change: Change, *, messages: Messages) -> None:
    if change.kind != "membership":
        return
    template = _template_for(change)
    if template is None:
        return
    # One key for each kind: whoever buys, voids and is due again is warned once.
    order = {"send_key": f"{template}/{change.id}", "template": template.value, "applicant_id": change.id}
    messages.send(queue_for(template), {**order, "blanks": _blanks(template, change.facts)})


def _template_for(change: Change) -> Template | None:
    if change.before is None:
        return Template.AWARDED
    if change.is_move:
        template = _ENDS.get(MembershipState(change.after))
        lost_nothing = template is Template.BALANCE_ENDED and not change.facts.get("returned")
        return None if lost_nothing else template
    return _warning_of(change)


def _warning_of(change: Change) -> Template | None:
    before, after = change.facts_before.get("due"), change.facts.get("due")
    for due, (follows, template) in _WARNINGS.items():
        if (before, after) == (due, follows):
            nothing_left = due is Due.WARN_BALANCE_END and not change.facts.get("warned_of")
            return None if nothing_left else template
    return None


def _blanks(template: Template, facts: Blanks) -> Blanks:
    return {name: _BLANKS[name](facts) for name in _WANTED[template]}


def _day(facts: Blanks, name: str) -> str:
    return str(wib_date(datetime.fromisoformat(str(facts[name]))))


_BLANKS: Mapping[str, Callable[[Blanks], str | int]] = {
    "wave": lambda facts: int(facts["wave"]),
    "decree": lambda facts: facts["decree"],
    "card_ending": lambda facts: str(facts["card_number"])[-4:],
    "grant": lambda facts: str(scheme_named(str(facts["scheme"])).training_grant),
    "first_purchase_by": lambda facts: _day(facts, "first_purchase_by"),
    "balance_ends_on": lambda facts: _day(facts, "balance_ends_at"),
    "balance": lambda facts: str(Rupiah(int(facts["warned_of"]))),
    "returned": lambda facts: str(Rupiah(int(facts.get("returned", 0)))),
}
_WANTED: Mapping[Template, tuple[str, ...]] = {
    Template.AWARDED: ("wave", "decree", "card_ending", "grant", "first_purchase_by", "balance_ends_on"),
    Template.FIRST_PURCHASE_SOON: ("first_purchase_by", "grant"),
    Template.MEMBERSHIP_REVOKED: ("first_purchase_by", "returned"),
    Template.BALANCE_ENDS_SOON: ("balance_ends_on", "balance"),
    Template.BALANCE_ENDED: ("balance_ends_on", "returned"),
}
