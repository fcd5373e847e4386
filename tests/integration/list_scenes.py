"""What happens to ministries' lists that no sample shows: for whoever watches what functions ask for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.integration import listing
from tests.integration.cast import CAST, SECOND_APPROVER
from tests.integration.town import STAGE, Town


def _a_list_is_loaded_replaced_and_screened(town: Town) -> None:
    dewi = CAST["dewi"]
    lines = [listing.a_line(dewi.nik, "laid_off", "dewi.baru@contoh.example")]
    lines += [listing.a_line(listing.somebody(number), "laid_off") for number in range(1, 100)]
    lines.append(listing.a_line(listing.somebody(100), "laid_off", "belum@contoh.example"))
    listing.load(town, "LAID_OFF", listing.drop("LAID_OFF", "baru.csv", [*lines, listing.a_line("3174", "laid_off")]))
    path = "/v1/staff/lists/LAID_OFF/versions/2/activations"
    despite = ["list_twice_its_size", "list_without_overlap"]
    assert town.ask("POST", path, {"despite": despite}, token=SECOND_APPROVER).status == 201
    for _ in range(2):  # the second time all of it is there
        town.tell("screen_listed_people", list="LAID_OFF", number=2, shard=0)
    (invitation,) = {each["send_key"]: each for each in town.memory.waiting("announcements-to-send")}.values()
    town.tell("send_announcements", **invitation)
    town.tell("check_lists", applicant_id=CAST["eka"].id, renewed_by="LAID_OFF/2")
    town.tell("load_lists", Records=[{"s3": {"object": {"key": "lists/incoming/BSU/gone.csv"}}}])


def _a_load_that_was_cut_off_goes_on(town: Town) -> None:
    """Its last step was done, and is done again: the version does not know."""
    key = listing.drop("LAID_OFF", "putus.csv", [listing.a_line(CAST["dewi"].nik, "laid_off", "d@contoh.example")])
    town.tell("load_lists", Records=[{"s3": {"object": {"key": key}}}])
    for phase in ("read", "compare"):
        town.tell("load_lists", list="LAID_OFF", number=2, phase=phase, step=0)
    before = town.memory.kept()
    town.tell("load_lists", list="LAID_OFF", number=2, phase="write", step=0)
    written = town.memory.kept()
    entries = f"prakerja-{STAGE}-list-entries"
    town.memory.put_back(replace(written, tables={**written.tables, **without(before.tables, entries)}))
    town.tell("load_lists", list="LAID_OFF", number=2, phase="write", step=0)


def without(tables: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {each: table for each, table in tables.items() if each != name}


LIST_SCENES: Sequence[Callable[[Town], None]] = (
    _a_list_is_loaded_replaced_and_screened,
    _a_load_that_was_cut_off_goes_on,
)
