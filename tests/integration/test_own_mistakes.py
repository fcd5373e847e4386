"""When we are wrong and not the caller: nobody outside learns what, and nothing is lost by it."""

from typing import Any

import boto3

from tests.integration.cast import CAST, PLATFORM, PROVIDER
from tests.integration.effects import Watch
from tests.integration.hearing import heard
from tests.integration.refusals import LANGUAGES, is_worded
from tests.integration.town import STAGE, Town
from tests.integration.upbringing import partner


def swap(table: str, pk: str, other_pk: str, sealed: str) -> None:
    """Put another's sealed value into an item: what a restore gone wrong would do."""
    client, name = boto3.client("dynamodb"), f"prakerja-{STAGE}-{table}"
    items = [client.get_item(TableName=name, Key=key_of(each))["Item"] for each in (pk, other_pk)]
    client.put_item(TableName=name, Item=items[0] | {sealed: items[1][sealed]})


def key_of(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "-"}}


def test_what_is_sealed_for_one_place_does_not_open_in_another(town: Town) -> None:
    dewi, citra = CAST["dewi"], CAST["citra"]
    swap("applicants", dewi.id, citra.id, "identity")
    for language, accepted in LANGUAGES.items():
        with heard() as lines:
            reply = town.ask("GET", "/v1/me", token=dewi.token, language=accepted)
        assert (reply.status, reply.body["code"]) == (500, "internal_error")
        assert is_worded(reply.body["message"], "internal_error", language)
        assert "sealed" not in reply.text
        assert [line for line in lines if "sealed_value_out_of_place" in line]


def test_a_message_waits_until_we_are_right_again(town: Town) -> None:
    dewi = CAST["dewi"]
    swap("applicants", dewi.id, CAST["citra"].id, "identity")
    town.memory.empty_queues()
    watch = Watch(town.memory)
    town.tell("check_population", applicant_id=dewi.id, submission=1)
    assert watch.effects() == {"message population-checks-to-make"}


def test_a_partner_does_not_learn_our_mistakes(town: Town) -> None:
    swap("training", f"partner#{PLATFORM}", f"partner#{PROVIDER}", "sign_key")
    reply = partner(town, PLATFORM).ask("payment/status", {"invoice_code": "INV-0012"})
    assert reply.status == 500
    assert (reply.body["code"], reply.body["reason"]) == ("ERRPLT50000", "internal_error")
