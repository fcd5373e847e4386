"""The functions of registration and mail as the platform runs them: the real use cases, on the world's fakes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.commands import Queue
from chalicelib.domain.identifiers import ApplicantId, SendKey
from chalicelib.domain.mail import Language, MailOrder, Template
from chalicelib.domain.mail_fates import Fate, MailFate
from chalicelib.ports import Messages
from chalicelib.use_cases.mail.note_mail_fate import count_deliveries, note_mail_fate
from chalicelib.use_cases.mail.rounds import MailRound
from chalicelib.use_cases.mail.send_mail import send_mail
from chalicelib.use_cases.registration.open_account import (
    Asked,
    DoneTogether,
    Opening,
    open_account,
    open_new_accounts,
)
from tests.fakes import World
from tests.fakes.mailing import mailing_of

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Function:
    """One of a queue. ``opened`` gets a whole batch's bodies and is left at its end; ``handle`` gets each body, what
    was opened (None when that failed), and where to put what it asks of others."""

    queue: Queue
    batch_size: int
    hidden_for: timedelta
    opened: Callable[[Sequence[Body]], AbstractContextManager[Any]]
    handle: Callable[[Body, Any, Messages], None]


def functions(world: World) -> list[Function]:
    after_thirty, after_sixty = timedelta(seconds=180), timedelta(seconds=360)  # six times a function's time-out
    return [
        Function(Queue.REGISTRATIONS_TO_OPEN, 25, after_thirty, *_opening(world)),
        Function(Queue.MAILS_TO_SEND, 5, after_sixty, *_sending(world)),
        Function(Queue.MAIL_FATES_TO_NOTE, 100, after_thirty, *_noting(world)),
    ]


def body_of(fate: MailFate) -> dict[str, object]:
    moments = {"left_at": fate.left_at.isoformat(), "at": fate.at.isoformat()}
    return {"provider": fate.provider, "send_key": fate.send_key, "fate": fate.fate.value, **moments}


def _opening(world: World) -> Any:
    opening = Opening(world.accounts, world.buckets, world.disposable_domains, world.indexer, world.clock)

    @contextmanager
    def opened(bodies: Sequence[Body]) -> Iterator[DoneTogether]:
        yield open_new_accounts([_asked(body) for body in bodies], opening)

    def handle(body: Body, done: DoneTogether | None, messages: Messages) -> None:
        open_account(_asked(body), done or DoneTogether(), opening=opening, messages=messages)

    return opened, handle


def _sending(world: World) -> Any:
    mailing = mailing_of(world)

    @contextmanager
    def opened(bodies: Sequence[Body]) -> Iterator[MailRound]:
        begun = MailRound(mailing)
        yield begun
        begun.close()

    def handle(body: Body, in_round: MailRound | None, messages: Messages) -> None:
        order = MailOrder(SendKey(body["send_key"]), Template(body["template"]), ApplicantId(body["applicant_id"]))
        send_mail(order, "of-the-simulation", in_round or MailRound(mailing))

    return opened, handle


def _noting(world: World) -> Any:
    traffic = world.mail_traffic

    @contextmanager
    def opened(bodies: Sequence[Body]) -> Iterator[bool]:
        count_deliveries([_fate(body) for body in bodies], traffic=traffic)
        yield True

    def handle(body: Body, counted: bool | None, messages: Messages) -> None:
        fate = _fate(body)
        if not counted:
            count_deliveries([fate], traffic=traffic)
        note_mail_fate(fate, outbox=world.outbox, suppressions=world.suppressions, traffic=traffic, clock=world.clock)

    return opened, handle


def _asked(body: Body) -> Asked:
    return Asked(body["email"], Language(body["language"]), body["registration_id"], body.get("source"))


def _fate(body: Body) -> MailFate:
    left_at, at = datetime.fromisoformat(body["left_at"]), datetime.fromisoformat(body["at"])
    return MailFate(body["provider"], SendKey(body["send_key"]), Fate(body["fate"]), left_at, at)
