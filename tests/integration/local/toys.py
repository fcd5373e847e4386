"""A toy application's functions. What each does is planned by the test, under the function's name."""

from collections.abc import Callable
from typing import Any

from chalice.app import Blueprint, Chalice, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

TABLE = "toys-test-people"
STREAM = f"arn:aws:dynamodb:ap-southeast-3:123456789012:table/{TABLE}/stream/latest"

Plan = Callable[[dict[str, Any]], Any]

plans: dict[str, Plan] = {}

letters = Blueprint(__name__)
uploads = Blueprint(__name__)
people = Blueprint(__name__)
chores = Blueprint(__name__)


@letters.on_sqs_message(queue="letters", batch_size=10, maximum_concurrency=3)
def read_letters(event: SQSEvent) -> Any:
    return plans["read_letters"](event.to_dict())


@uploads.on_sqs_message(queue_arn="arn:aws:sqs:ap-southeast-3:123456789012:uploads")
def look_at_uploads(event: SQSEvent) -> Any:
    return plans["look_at_uploads"](event.to_dict())


@people.on_dynamodb_record(stream_arn=STREAM, batch_size=5)
def follow_people(event: DynamoDBEvent) -> Any:
    return plans["follow_people"](event.to_dict())


@chores.schedule("cron(0 1 * * ? *)")
def sweep(event: CloudWatchEvent) -> Any:
    return plans["sweep"](event.to_dict())


@chores.schedule(Rate(5, unit=Rate.MINUTES))
def tick(event: CloudWatchEvent) -> Any:
    return plans["tick"](event.to_dict())


def toy_app(*blueprints: Blueprint) -> Chalice:
    app = Chalice("toys", configure_logs=False, env={})
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return app
