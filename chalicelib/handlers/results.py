"""Doors of a draw's results: recorded, places passed on that fall free, and each applicant's own receipt."""

import base64
from collections.abc import Sequence
from typing import Any

from chalice.app import Blueprint
from pydantic import ConfigDict, Field

from chalicelib import bootstrap
from chalicelib.domain.identifiers import ApplicantId, WaveNumber
from chalicelib.domain.selection.wave_receipts import Listing, Lot, Proof, Standing, WaveReceipt
from chalicelib.handlers.batches import each_message
from chalicelib.handlers.doors import PERSONAL, Access, Body, Caller
from chalicelib.handlers.replies import replies
from chalicelib.settings import queue_name

blueprint = Blueprint(__name__)

Steps = Sequence[tuple[str, bytes]]


class ProofReply(Body):
    """That your row stands in the frozen list. A step is `["left", hash]` or `["right", hash]`: on which side the
    sibling stands (docs/draw.md, section 3)."""

    page: str = Field(description="The page's rows of 18 bytes, in base64.")
    page_number: int = Field(description="From 0, in the province's list.")
    steps_to_province: list[tuple[str, str]]
    steps_to_root: list[tuple[str, str]]


class WaveReceiptReply(Body):
    """Your own place in a wave, to check against the published draw. Hashes in hex. What is not published yet is null;
    so are proof and rank when the list's files are gone, 400 days after the draw."""

    model_config = ConfigDict(serialize_by_alias=True)

    wave: int
    attempt: int
    pseudonym: str
    province: str
    group: int = Field(description="0 was drawn first.")
    class_: int = Field(alias="class", description="1 woman, 2 person with disabilities, 3 both, 0 neither.")
    in_families: bool = Field(description="Whether more of your family joined than it has places left.")
    state: Standing
    reason: str | None = Field(description="A stable code: why not.")
    frozen_root: str | None
    seed: str | None
    ticket: str | None
    cut_off: str | None = Field(description="The ticket of the last of your stratum who was drawn.")
    rank: int | None = Field(description="Among those who stood in your stratum, from 1.")
    standing: int | None
    places: int | None
    odds_permille: int | None = Field(description="Places of your stratum for each thousand who stood in it.")
    proof: ProofReply | None


@blueprint.on_sqs_message(queue=queue_name("results-to-record"), batch_size=1, maximum_concurrency=20)
@each_message
def record_wave_results(body: dict[str, Any]) -> None:
    """What needs numpy is imported where it is used."""
    from chalicelib.use_cases.selection.record_results import record_results

    record_results(
        WaveNumber(body["wave"]),
        body["shard"],
        body.get("after"),
        waves=bootstrap.waves(),
        outcomes=bootstrap.outcomes(),
        messages=bootstrap.messages(),
        clock=bootstrap.clock(),
    )


@blueprint.on_sqs_message(queue=queue_name("places-to-refill"), batch_size=1, maximum_concurrency=5)
@each_message
def refill_places(body: dict[str, Any]) -> None:
    from chalicelib.use_cases.selection.refill_place import refill_place

    refill_place(
        WaveNumber(body["wave"]),
        ApplicantId(body["applicant_id"]),
        waves=bootstrap.waves(),
        places=bootstrap.places(),
        files=bootstrap.draw_files(),
    )


@blueprint.route("/v1/me/waves/{number}/receipt", methods=["GET"])
@replies(blueprint, access=Access.APPLICANT, keep=PERSONAL)
def show_wave_receipt(caller: Caller, number: int) -> WaveReceiptReply:
    """Your own place in a wave: pseudonym, ticket, cut-off, rank, and the proof that you stand in the frozen list."""
    from chalicelib.use_cases.selection.read_wave_receipt import read_wave_receipt

    receipt = read_wave_receipt(
        caller.applicant_id, WaveNumber(number), waves=bootstrap.waves(), files=bootstrap.draw_files()
    )
    return WaveReceiptReply.model_validate(
        {
            "wave": number,
            "attempt": receipt.wave.draw_attempt,
            "pseudonym": receipt.entry.pseudonym,
            "province": receipt.entry.province_code,
            "state": receipt.standing,
            "reason": receipt.entry.reason,
            "frozen_root": receipt.wave.frozen_root,
            **_row(receipt),
            **_lot(receipt.lot),
        }
    )


def _row(receipt: WaveReceipt) -> dict[str, Any]:
    listing, entry = receipt.listing, receipt.entry
    return {
        "group": listing.group if listing else entry.group,
        "class": listing.class_ if listing else entry.is_woman + 2 * entry.is_disabled,
        "in_families": listing.in_families if listing else False,
        "proof": _proof(listing),
    }


_LOT = ("seed", "ticket", "cut_off", "rank", "standing", "places", "odds_permille")


def _lot(lot: Lot | None) -> dict[str, Any]:
    if lot is None:
        return dict.fromkeys(_LOT)
    return {name: getattr(lot, name) for name in _LOT} | {"seed": lot.seed.hex(), "ticket": lot.ticket.hex()}


def _proof(listing: Listing | None) -> dict[str, Any] | None:
    if listing is None:
        return None
    proof: Proof = listing.proof
    return {
        "page": base64.b64encode(proof.page).decode(),
        "page_number": proof.page_number,
        "steps_to_province": _told(proof.steps_to_province),
        "steps_to_root": _told(proof.steps_to_root),
    }


def _told(steps: Steps) -> list[tuple[str, str]]:
    return [(side, sibling.hex()) for side, sibling in steps]
