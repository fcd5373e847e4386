"""The application's doors, without what Chalice does in front of them: the views with their real bodies."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from chalicelib.domain.identifiers import ClientCode
from chalicelib.domain.registration import Role
from chalicelib.domain.training import Partner
from chalicelib.handlers.doors import Caller
from tests.builders import PLATFORM, PROVIDER, a_partner


class Door(NamedTuple):
    """A view and the model of its body."""

    view: Callable[..., Any]
    body: Any


@cache
def door(name: str) -> Door:
    """``training.attend`` is the view of that name in ``handlers/training.py``."""
    module, _, function = name.partition(".")
    found = getattr(import_module(f"chalicelib.handlers.{module}"), function).door
    return Door(found.view, found.hints.get("body"))


def applicant(id: str) -> Caller:
    return Caller(id, Role.APPLICANT, f"session of {id}")


def staff(name: str, role: Role = Role.APPROVER) -> Caller:
    return Caller(name, role, f"session of {name}")


def partner(code: str) -> Partner:
    return a_partner(code)


SELLER, TEACHER = partner(PLATFORM), partner(PROVIDER)
STRANGER = partner(ClientCode("orang-lain"))
