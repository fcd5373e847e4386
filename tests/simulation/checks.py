"""What must hold whatever goes wrong, worked out from what lies in stores and at providers, not by the code under test.

Each check names the rule that it holds. ``as_it_goes`` are looked at after every event, ``at_the_end`` when all is
drained.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

from chalicelib.domain.mail import MailState
from chalicelib.domain.registration import Account, AccountState
from tests.simulation.people import NOBODY, Registration, mailbox
from tests.simulation.providers import Handed, SimulatedProvider
from tests.simulation.site import Site

LAWFUL_DROPS = frozenset(
    {"mails_too_many", "email_invalid", "mail_no_longer_waited_for", "mail_address_suppressed", "mail_unknown"}
)
MOST_BOUNCES = 45
"""Of the worst thousand mails in a row: near the brake's forty, and below the fifty of SES's review."""
SECOND = timedelta(seconds=1)
LOOKED_AT_EVERY = 25
"""Events: looking at every account after every event would be most of the work. What is lost then stays lost."""


class Checks:
    def __init__(self, site: Site, *, most_bounces: float = MOST_BOUNCES) -> None:
        self._site, self._most_bounces = site, most_bounces
        self._not_open: dict[str, Registration] = {}
        self._seen = 0
        self._proven: set[str] = set()
        self._dropped = 0
        self._looks = count()

    # --- As it goes ----------------------------------------------------------------------------------------------

    def as_it_goes(self) -> None:
        self._nothing_acknowledged_is_lost()
        self._nothing_is_dropped_but_by_law()
        if next(self._looks) % LOOKED_AT_EVERY == 0:
            self._nobody_proven_becomes_a_stranger()
        assert not self._site.outcomes.bugs, self._site.outcomes.bugs

    def _nothing_acknowledged_is_lost(self) -> None:
        """S1: it is an account, or on a queue, or was dropped by law."""
        site = self._site
        new = site.acknowledged[self._seen :]
        self._seen += len(new)
        self._not_open.update((each.id, each) for each in new)
        if not self._not_open:
            return
        settled = {mailbox(account.email) for account in site.world.accounts.all()}
        refused = {str(body.get("registration_id")) for _, body in site.outcomes.dropped}
        waiting = {str(message.body.get("registration_id")) for message in site.queues.all()}
        for id, each in list(self._not_open.items()):
            if mailbox(each.email) in settled or id in refused:
                del self._not_open[id]
            else:
                assert id in waiting, f"S1: {id} was acknowledged, and is nowhere"

    def _nothing_is_dropped_but_by_law(self) -> None:
        dropped = self._site.outcomes.dropped
        for code, body in dropped[self._dropped :]:
            assert code in LAWFUL_DROPS, f"S1: dropped, {code}: {dict(body)}"
            is_lawful = code != "email_invalid" or str(body["registration_id"]).startswith("wrong")
            assert is_lawful, f"S1: a lawful address was called wrong: {dict(body)}"
        self._dropped = len(dropped)

    def _nobody_proven_becomes_a_stranger(self) -> None:
        proven = {str(each.id) for each in self._site.world.accounts.all() if each.state is AccountState.ACTIVE}
        assert self._proven <= proven, "an address that was proven is a stranger's again"
        self._proven = proven

    # --- At the end ----------------------------------------------------------------------------------------------

    def at_the_end(self) -> None:
        self._site.world.trouble.ends()
        self.as_it_goes()
        self._nobody_proven_becomes_a_stranger()
        self._one_account_per_mailbox()
        self._one_mail_of_a_kind()
        self._every_registration_had_its_effect()
        self._everybody_has_the_mail_they_wait_for()
        for provider in self._site.providers:
            _no_second_holds_more_than_the_quota(provider, self._site.clock.steps)
            worst = worst_of_a_thousand(provider.handed)
            assert worst <= self._most_bounces, f"{provider.name}: {worst} bounces among a thousand mails in a row"
        assert not self._site.queues.dead, f"L1: dead letters: {[each.body for each in self._site.queues.dead]}"

    def _one_account_per_mailbox(self) -> None:
        accounts = Counter(mailbox(account.email) for account in self._site.world.accounts.all())
        twice = [address for address, number in accounts.items() if number > 1]
        assert not twice, f"S2: two accounts for {twice}"

    def _one_mail_of_a_kind(self) -> None:
        site = self._site
        left = sum((provider.left for provider in site.providers), Counter[str]())
        excused = site.outcomes.cut_off + Counter(key for each in site.providers for key in each.replies_lost)
        many = {key: number for key, number in left.items() if number > 1 + excused[key]}
        assert not many, f"S2: more mails of a kind than lost replies and killed workers excuse: {many}"

    def _every_registration_had_its_effect(self) -> None:
        """The account knows it (the last ten, at least), or its mail left; else somebody's write was lost."""
        accounts = {mailbox(account.email): account for account in self._site.world.accounts.all()}
        dropped = {str(body.get("registration_id")) for _, body in self._site.outcomes.dropped}
        mails = {str(mail.send_key) for mail in self._site.world.outbox.all()}
        told = mails | {str(body.get("send_key")) for _, body in self._site.outcomes.dropped}
        for each in self._site.acknowledged:
            if each.person == NOBODY or each.id in dropped:
                continue
            known = accounts[mailbox(each.email)].challenge.knows(each.id)
            # A code's mail that was dropped excuses nothing: that is how a lost write shows.
            has_mail = f"verify_email/{each.id}" in mails or f"account_exists/{each.id}" in told
            assert known or has_mail, f"S1: {each.id} changed nothing"

    def _everybody_has_the_mail_they_wait_for(self) -> None:
        """L1, and the code that it holds works."""
        letters = self._letters()
        stopped = {each.applicant_id for each in self._site.world.suppressions.all()}
        refused = {each.applicant_id for each in self._site.world.outbox.all() if each.state is MailState.REFUSED}
        for account in self._site.world.accounts.all():
            if account.state is AccountState.UNVERIFIED and account.id not in stopped | refused:
                self._code_works(account, letters.get(mailbox(account.email), []))

    def _code_works(self, account: Account, letters: list[Handed]) -> None:
        assert letters, f"L1: {account.email} waits for a mail"
        newest = max(letters, key=lambda each: each.at)
        # As typed at once, by our own clock of that moment: how long a code lives is another rule.
        self._site.clock.wrong_by, self._site.clock.at = timedelta(), newest.mail.left_at
        assert self._site.verify(account.email, code_in(newest.mail.text)), f"the newest code fails {account.email}"

    def _letters(self) -> dict[str, list[Handed]]:
        letters: defaultdict[str, list[Handed]] = defaultdict(list)
        for provider in self._site.providers:
            for each in provider.handed:
                if each.mail.send_key.startswith("verify_email/"):
                    letters[mailbox(each.mail.to)].append(each)
        return letters


def code_in(text: str) -> str:
    return next(line.removeprefix("code=") for line in text.splitlines() if line.startswith("code="))


def _no_second_holds_more_than_the_quota(provider: SimulatedProvider, steps: int) -> None:
    """But for one mail more when our clock steps: ahead, a turn that was to come is past; back, turns begin anew."""
    moments = sorted(each.at for each in provider.handed)
    most = max((bisect_left(moments, at + SECOND) - place for place, at in enumerate(moments)), default=0)
    assert provider.allows
    assert most <= provider.allows.per_second + steps, f"{provider.name}: {most} mails in one second"


def worst_of_a_thousand(handed: list[Handed]) -> int:
    bounced = [each.bounces for each in handed]
    return max((sum(bounced[end - 1000 if end > 1000 else 0 : end]) for end in _ends(bounced)), default=0)


def _ends(bounced: list[bool]) -> Iterator[int]:
    """A worst thousand ends with a bounce."""
    return (place + 1 for place, bounces in enumerate(bounced) if bounces)
