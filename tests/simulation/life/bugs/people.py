"""Bugs that lose people, or have them twice."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.commands import Queue
from tests.simulation.life.bugs.planting import bug, instead, nothing, patch

if TYPE_CHECKING:
    from tests.simulation.life.town import Town


@bug("messages are acknowledged before they are done", "S1", "L1", "L2")
def acknowledged_first(town: "Town") -> None:
    town.workers.acknowledges_first = True


@bug("a stream goes on behind what failed", "L2")
def stream_skips_what_failed(town: "Town") -> None:
    town.workers.skips_what_failed = True


@bug("what could not be passed on is forgotten", "L2", "S1")
def passed_on_or_not(town: "Town") -> None:
    def make(leave: Any) -> Any:
        def forget(queue: Any, told: Any) -> None:
            from chalicelib.domain.errors import Unavailable

            try:
                leave(queue, told)
            except Unavailable:
                return

        return forget

    instead(town.world.messages, "leave", make)


@bug("a NIK is claimed without a look at who holds it", "S2")
def claims_unchecked(town: "Town") -> None:
    instead(town.world.applicants, "save_claim", lambda _save_claim: town.world.applicants.save)


@bug("an address is taken as it is written: dots and capitals make another person", "S2")
def addresses_as_written(town: "Town") -> None:
    patch(town, "chalicelib.use_cases.registration.account_of:canonical_email", lambda _canonical: lambda email: email)


@bug("a family has as many places as it likes", "S2")
def families_unlimited(town: "Town") -> None:
    instead(town.world.memberships, "_free_place", lambda free: lambda family, _most: free(family, 9))
    instead(town.world.memberships, "family_places_taken", lambda _taken: _none_taken)


def _none_taken(family: Any, *, most: int) -> int:
    return 0


@bug("a check is taken out of the waiting line before it is answered", "L2")
def checks_taken_out_first(town: "Town") -> None:
    waiting = town.world.waiting_checks

    def make(take: Any) -> Any:
        def take_out(checks: Any, *, until: Any) -> Any:
            taken = take(checks, until=until)
            for each in taken:
                waiting.remove(each)
            return taken

        return take_out

    instead(waiting, "take_in_hand", make)
    instead(waiting, "save", lambda _save: nothing)


@bug("a registry's answer is kept under the name of the registry alone", "S6", "S3")
def answers_of_others(town: "Town") -> None:
    def make(_key: Any) -> Any:
        return lambda _identity, asking: asking.indexer.index(f"question/{asking.registry}", "anybody")

    patch(town, "chalicelib.use_cases.verification.check_identity:_question_key", make)


@bug("the log tells the NIK", "S8")
def nik_in_the_log(town: "Town") -> None:
    def make(claim: Any) -> Any:
        def told(id: Any, *args: Any, applicants: Any, **more: Any) -> Any:
            from chalicelib.observability import log

            known = applicants.get(id)
            log().info("claimed", extra={"nik": known.identity.nik if known.identity else ""})
            return claim(id, *args, applicants=applicants, **more)

        return told

    patch(town, "chalicelib.handlers.verification:claim_identity", make)


@bug("a message carries the account number", "S8")
def account_in_a_message(town: "Town") -> None:
    def make(send: Any) -> Any:
        def told(queue: Any, *bodies: Any) -> None:
            if queue is Queue.PAYOUT_ACCOUNTS_TO_VERIFY:
                numbers = {person.id: person.account_no for person in town.people}
                bodies = tuple({**each, "account_no": numbers.get(each["applicant_id"], "")} for each in bodies)
            send(queue, *bodies)

        return told

    instead(town.world.messages, "send", make)


@bug("an entry of the record is written over", "S7")
def record_written_over(town: "Town") -> None:
    log = town.world.audit_log

    def make(append: Any) -> Any:
        def write_over(deed: Any) -> Any:
            entry = append(deed)
            log.entries_of_table.rows[entry.chain, entry.number] = log.entries_of_table.rows[entry.chain, entry.number]
            return entry

        return write_over

    instead(log, "append", make)


@bug("an entry of the record does not follow from the one before", "S7")
def record_unchained(town: "Town") -> None:
    def make(entry_after: Any) -> Any:
        return lambda last, deed, **more: replace(entry_after(last, deed, **more), previous="0" * 64)

    patch(town, "tests.fakes.support:entry_after", make)
