"""Doors for readers: the API's description, its page, health, and the pages for people: where one registers,
and to which mails and providers lead."""

from functools import cache
from pathlib import Path
from typing import Any

from chalice.app import Blueprint

from chalicelib import bootstrap
from chalicelib.handlers.doors import PAGE, Access, Body, Html, Program
from chalicelib.handlers.replies import replies
from chalicelib.settings import settings

blueprint = Blueprint(__name__)

_STATIC = Path(__file__).parents[1] / "web" / "static"


class Health(Body):
    status: str
    stage: str


@blueprint.route("/openapi.json", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC)
def show_openapi() -> dict[str, Any]:
    """This description."""
    return _document()


@blueprint.route("/docs", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=PAGE)
def show_docs() -> Html:
    """This description, to read."""
    from chalicelib.handlers.openapi import readable_page

    return Html(readable_page(_document()))


@blueprint.route("/", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=PAGE)
def show_start_page() -> Html:
    """Where everything begins: the page of registration."""
    return Html(_static("register.html"))


@blueprint.route("/register", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=PAGE)
def show_register_page() -> Html:
    """Register; in a rush, wait for one's turn here."""
    return Html(_static("register.html"))


@blueprint.route("/verify", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=PAGE)
def show_verify_page() -> Html:
    """Where the verification mail leads: choose a password."""
    return Html(_static("verify.html"))


@blueprint.route("/attend", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=PAGE)
def show_attend_page() -> Html:
    """Where a provider sends a learner: sign in and be present."""
    return Html(_static("attend.html"))


@blueprint.route("/draws", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=PAGE)
def show_draws_page() -> Html:
    """Check one's own ticket and place in the list, on one's own device."""
    return Html(_static("draws.html"))


@blueprint.route("/verify_draw.py", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC, keep=PAGE)
def show_draw_checker() -> Program:
    """The program with which anybody repeats a whole draw from its published file."""
    return Program("verify_draw.py", _static("verify_draw.py"))


@blueprint.route("/health", methods=["GET"])
@replies(blueprint, access=Access.PUBLIC)
def show_health() -> Health:
    """Answers 200 when the tables and keys behind the API answer."""
    bootstrap.waves().newest_first(limit=1)
    bootstrap.indexer()
    return Health(status="up", stage=settings().stage)


def _document() -> dict[str, Any]:
    from chalicelib.handlers.openapi import openapi_document  # seldom asked for: no part of a cold start

    return openapi_document(blueprint.current_app.routes)


@cache
def _static(name: str) -> str:
    return (_STATIC / name).read_text("utf-8")
