"""Whoever stands on a priority list and has not registered is invited by mail: once, and never against their wish."""

from datetime import timedelta

import pytest

from chalicelib.domain.commands import Queue
from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import ApplicantId, SendKey
from chalicelib.domain.mail import Language, MailOrder, Template
from chalicelib.domain.mail_fates import Fate, Suppression
from chalicelib.use_cases.lists.screen_listed import screen_listed
from chalicelib.use_cases.mail.rounds import MailRound
from chalicelib.use_cases.mail.send_mail import send_mail
from chalicelib.use_cases.registration.account_of import account_id_of
from tests.builders import a_nik, a_verified_applicant, an_account
from tests.fakes import World
from tests.fakes.mailing import mailing_of
from tests.unit.use_cases.lists.office import BSU, LAID_OFF, Office

HEADER = "nik,category,valid_from,valid_until,email"


def a_file(people: dict[int, str], category: str = "laid_off", until: str = "") -> bytes:
    lines = [f"{a_nik(number)},{category},2026-01-01,{until},{email}" for number, email in people.items()]
    return "\n".join([HEADER, *lines, ""]).encode()


class Post:
    def __init__(self, office: Office) -> None:
        self.office = office
        self.world = office.world

    def goes_out(self, content: bytes) -> None:
        """The file is loaded, put in force, and all that follows is sent."""
        world, office = self.world, self.office
        version = office.loads(content)
        office.activates(None, *version.warnings)
        for _ in range(2):  # told twice
            stores = {"lists": world.lists, "files": world.list_files, "applicants": world.applicants}
            tools = {"indexer": world.indexer, "messages": world.messages}
            screen_listed(office.list, version.number, 0, **stores, **tools)  # type: ignore[arg-type]
        while world.messages.on(Queue.ANNOUNCEMENTS_TO_SEND):
            self.sends(world.messages.take(Queue.ANNOUNCEMENTS_TO_SEND))

    def sends(self, body: dict[str, object]) -> None:
        key, id = SendKey(str(body["send_key"])), ApplicantId(str(body["applicant_id"]))
        order = MailOrder(key, Template.INVITATION, id, body["blanks"])  # type: ignore[arg-type]
        in_round = MailRound(mailing_of(self.world))
        try:
            send_mail(order, "correlation-1", in_round)
        except Conflict:
            pass
        finally:
            in_round.close()

    def went_to(self) -> list[str]:
        return [mail.to for mail in self.world.ses.mails]


@pytest.fixture
def post() -> Post:
    return Post(Office(World(), list=LAID_OFF))


def test_who_has_not_registered_is_invited_and_told_why(post: Post) -> None:
    post.goes_out(a_file({1: "Siti@Contoh.Example", 2: ""}))
    (mail,) = post.world.ses.mails
    assert (mail.to, mail.language, mail.subject) == ("Siti@contoh.example", Language.INDONESIAN, "invitation.id")
    assert "title=pekerja yang terkena PHK" in mail.text
    assert not post.world.accounts.all()


def test_nobody_is_invited_twice_for_one_list(post: Post) -> None:
    people = {1: "siti@contoh.example", 2: "ani@contoh.example"}
    post.goes_out(a_file(people))
    post.goes_out(a_file({**people, 3: "siti@contoh.example"}, until="2027-01-01"))
    assert sorted(post.went_to()) == ["ani@contoh.example", "siti@contoh.example"]


def test_whoever_comes_later_onto_the_list_is_invited_then(post: Post) -> None:
    post.goes_out(a_file({1: "siti@contoh.example"}))
    post.goes_out(a_file({1: "siti@contoh.example", 2: "ani@contoh.example"}))
    assert post.went_to() == ["siti@contoh.example", "ani@contoh.example"]


def test_who_claimed_their_nik_is_not_invited(post: Post) -> None:
    post.world.applicants.save_claim(a_verified_applicant(1))
    post.goes_out(a_file({1: "siti@contoh.example"}))
    assert not post.went_to()


def test_an_address_that_has_an_account_is_not_written_to(post: Post) -> None:
    id = account_id_of("siti@contoh.example", post.world.indexer)
    post.world.accounts.add(an_account(id=id, email="siti@contoh.example"))
    post.goes_out(a_file({1: "Siti@contoh.example"}))
    assert not post.went_to()


@pytest.mark.parametrize("because", [Fate.BOUNCED, Fate.COMPLAINED])
def test_a_suppressed_address_is_not_written_to(post: Post, because: Fate) -> None:
    id = account_id_of("siti@contoh.example", post.world.indexer)
    post.world.suppressions.save(Suppression(id, because, post.world.clock.now() - timedelta(days=1)))
    post.goes_out(a_file({1: "siti@contoh.example"}))
    assert not post.went_to()


def test_a_list_that_gives_no_priority_invites_nobody_and_keeps_no_address() -> None:
    post = Post(Office(World(), list=BSU))
    post.goes_out(a_file({1: "siti@contoh.example"}, category="wage_subsidy"))
    assert not post.went_to()
    assert not [entry for entry in post.world.list_entries.all() if entry.email]


def test_whose_line_is_no_longer_valid_is_not_invited(post: Post) -> None:
    post.goes_out(a_file({1: "siti@contoh.example"}, until="2026-02-01"))
    assert not post.went_to()


def test_no_message_carries_the_address(post: Post) -> None:
    post.office.loads(a_file({1: "siti@contoh.example"}))
    post.office.activates()
    world = post.world
    stores = {"lists": world.lists, "files": world.list_files, "applicants": world.applicants}
    screen_listed(LAID_OFF, 1, 0, **stores, indexer=world.indexer, messages=world.messages)  # type: ignore[arg-type]
    assert len(world.messages.sent) == 1
    assert "@" not in repr(world.messages.sent)
