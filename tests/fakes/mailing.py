"""All that sending mail asks for, from a world of fakes."""

from chalicelib.use_cases.mail.mailing import Mailing
from tests.fakes.world import World


def mailing_of(world: World) -> Mailing:
    return Mailing(
        outbox=world.outbox,
        accounts=world.accounts,
        suppressions=world.suppressions,
        lists=world.lists,
        list_entries=world.list_entries,
        buckets=world.buckets,
        traffic=world.mail_traffic,
        writer=world.writer,
        providers=world.providers,
        indexer=world.indexer,
        clock=world.clock,
        public_url="https://prakerja.example",
    )
