"""Table ``outbox``: which mail was begun and how it ended. Neither addresses nor texts lie here."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.storage.fields import from_fields, to_fields
from chalicelib.adapters.storage.items import TIME_OUTS, Item, found, save
from chalicelib.domain.identifiers import SendKey
from chalicelib.domain.mail import OutboxMail
from chalicelib.settings import region, resource_name


class OutboxItem(Item):
    """pk = send key, sk = ``-``."""

    class Meta:
        table_name = resource_name("outbox")
        region = region()
        connect_timeout_seconds = TIME_OUTS["connect_timeout_seconds"]

    send_key = UnicodeAttribute()
    template = UnicodeAttribute()
    applicant_id = UnicodeAttribute()
    taken_up_at = UnicodeAttribute()
    provider = UnicodeAttribute(null=True)
    provider_message_id = UnicodeAttribute(null=True)


class OutboxTable:
    def get(self, send_key: SendKey) -> OutboxMail | None:
        item = found(OutboxItem, send_key)
        return from_fields(OutboxMail, item) if item else None

    def save(self, mail: OutboxMail) -> None:
        item = OutboxItem(mail.send_key, "-", kind="mail", id=mail.send_key, **to_fields(mail))
        save(item, read_version=mail.version)
