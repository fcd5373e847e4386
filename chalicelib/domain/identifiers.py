"""The names of things. Each is a string to a machine and a different type to a reader."""

from typing import NewType

Index = NewType("Index", str)
"""Keyed HMAC-SHA-256 of a personal value: ``<key version>.<43 characters>``. Finds, never tells."""

ApplicantId = NewType("ApplicantId", str)
"""The index of the e-mail address under which the account was opened."""

Reference = NewType("Reference", str)
"""By which an applicant's case is known over the telephone (see ``domain/references.py``)."""

Pseudonym = NewType("Pseudonym", str)
"""16 bytes in hex: a person, or a family, in one wave and no other (``docs/draw.md``)."""

WaveNumber = NewType("WaveNumber", int)
CardNumber = NewType("CardNumber", str)
StaffId = NewType("StaffId", str)
ClientCode = NewType("ClientCode", str)
"""A training partner's name in the partner API (header ``client_code``)."""

CourseCode = NewType("CourseCode", str)
ScheduleCode = NewType("ScheduleCode", str)
PurchaseId = NewType("PurchaseId", str)
RedeemCode = NewType("RedeemCode", str)
InvoiceCode = NewType("InvoiceCode", str)
ListName = NewType("ListName", str)
"""A ministry's list, as ``known_lists.toml`` names it: ``BSU``."""

PayoutId = NewType("PayoutId", str)
BatchId = NewType("BatchId", str)
"""Of payouts: the day, the bank, and the beginning of the list's checksum."""
SendKey = NewType("SendKey", str)
"""One per message to one person, whatever the provider: asked twice, sent once."""
