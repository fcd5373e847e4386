"""What comes late: a mail's fate when its worker is long dead, a copy of a registration that many others followed."""

from datetime import timedelta

from chalicelib.domain.mail import MailState
from tests.fakes import Killed
from tests.simulation.people import Registration
from tests.simulation.scenarios import Scenario, settle, told_when_it_fails
from tests.simulation.site import Site

A_MINUTE = timedelta(minutes=1)
NOBODY_ELSE = Scenario(people=0, verifying=0.0, arriving_within=timedelta(hours=3))


def registers(site: Site, id: str, after: timedelta) -> None:
    asked = Registration(id, 0, "siti@gmail.com", None)
    site.after(after, lambda: site.register(asked))


def drains(site: Site) -> None:
    with told_when_it_fails(site, "somebody alone"):
        settle(site, NOBODY_ELSE)


def a_mail_that_left_unnoted() -> Site:
    """Siti's first mail is handed over, and its worker is killed before it can say so."""
    site = Site(1)
    registers(site, "first", timedelta())
    site.world.ses.fails_after("send", Killed())
    return site


def test_a_mail_that_left_unnoted_is_sent_once_more_when_its_owner_waits() -> None:
    site = a_mail_that_left_unnoted()
    drains(site)
    assert site.ses.left == {"verify_email/first": 2}


def test_who_registers_again_meanwhile_gets_the_newer_code_only() -> None:
    site = a_mail_that_left_unnoted()
    registers(site, "again", A_MINUTE)
    drains(site)
    assert site.ses.left == {"verify_email/first": 1, "verify_email/again": 1}


def test_the_bounce_of_a_mail_that_left_unnoted_is_noted_though_nobody_waits_for_it() -> None:
    site = a_mail_that_left_unnoted()
    site.ses.bounces = 1.0
    site.after(A_MINUTE / 2, lambda: setattr(site.ses, "bounces", 0.0))
    registers(site, "again", A_MINUTE)
    drains(site)
    (mail,) = (each for each in site.world.outbox.all() if each.send_key == "verify_email/first")
    assert mail.state is MailState.BOUNCED


def test_a_late_copy_of_a_registration_that_many_followed_leaves_the_newest_code_as_it_is() -> None:
    site = Site(1)
    registers(site, "first", timedelta())
    for number in range(11):
        registers(site, f"again-{number}", 13 * A_MINUTE * (number + 1))
    registers(site, "first", 13 * A_MINUTE * 12)
    drains(site)
    (account,) = site.world.accounts.all()
    assert account.challenge.id == "again-10"


def test_a_late_copy_of_a_registration_that_a_few_followed_changes_nothing() -> None:
    site = Site(1)
    for number in range(10):
        registers(site, f"r{number}", 13 * A_MINUTE * number)
    registers(site, "r0", 13 * A_MINUTE * 11)
    drains(site)
    (account,) = site.world.accounts.all()
    assert account.challenge.id == "r9"
