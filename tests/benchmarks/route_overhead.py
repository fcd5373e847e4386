"""What our edge adds to a request: 60 routes, JSON in and out, through ``@replies`` and through bare Chalice."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from chalice.app import Blueprint, Chalice

from chalicelib.handlers.doors import Access, Body
from chalicelib.handlers.replies import replies
from tests.benchmarks.figure import Figure

ROUTES = 60
_ROUNDS = 40
_REQUESTS_A_ROUND = 250
_BODY = {"email": "siti@contoh.example", "language": "id", "stars": 5, "text": "Jelas dan berguna."}


class Question(Body):
    email: str
    language: str
    stars: int
    text: str


class Reply(Body):
    email: str
    stars: int


def route_overhead() -> Iterator[Figure]:
    ours, bare = _ours(), _bare()
    event = _event(f"/v1/things/{ROUTES // 2}")
    for app in (ours, bare):
        answer = app(event, None)
        if answer["statusCode"] != 200 or json.loads(answer["body"]) != {"email": _BODY["email"], "stars": 5}:
            raise RuntimeError(f"the two do not do the same work: {answer}")
    rounds = [(_cpu_us(ours, event), _cpu_us(bare, event)) for _ in range(_ROUNDS)]
    measured, floor = (statistics.median(column) for column in zip(*rounds, strict=True))
    yield Figure("route_overhead", measured, floor, "microseconds of CPU a request", 1.5)


def _cpu_us(app: Callable[[Any, Any], Any], event: dict[str, Any]) -> float:
    begun = time.process_time()
    for _ in range(_REQUESTS_A_ROUND):
        app(event, None)
    return (time.process_time() - begun) / _REQUESTS_A_ROUND * 1e6


def _ours() -> Chalice:
    app, blueprint = Chalice("ours"), Blueprint(__name__)
    for number in range(ROUTES):

        def view(body: Question) -> Reply:
            return Reply(email=body.email, stars=body.stars)

        view.__name__ = f"view_{number}"
        replied = replies(blueprint, access=Access.PUBLIC)(view)
        blueprint.route(f"/v1/things/{number}", methods=["POST"])(replied)
    app.register_blueprint(blueprint)
    return app


def _bare() -> Chalice:
    app = Chalice("bare")
    for number in range(ROUTES):

        def view() -> dict[str, Any]:
            body = app.current_request.json_body if app.current_request else {}
            return {"email": body["email"], "stars": body["stars"]}

        view.__name__ = f"view_{number}"
        app.route(f"/v1/things/{number}", methods=["POST"])(view)
    return app


def _event(path: str) -> dict[str, Any]:
    headers = {"content-type": "application/json", "accept-language": "id"}
    return {
        "resource": path,
        "path": path,
        "httpMethod": "POST",
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": path,
            "httpMethod": "POST",
            "requestId": "b0c1d2e3-0000-4000-8000-000000000001",
            "path": path,
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "body": json.dumps(_BODY),
        "isBase64Encoded": False,
    }
