"""What AWS asks for, in US dollars: list prices of us-east-1, without free tiers and without tax.

Of 22 November 2026, as they were then worked with for docs/cost.md. Jakarta (ap-southeast-3) has a price list of its
own and is dearer on some lines: put its figures here before a budget is signed. Nothing else here knows a price.
"""

from datetime import date

PRICES_OF = date(2026, 11, 22)
REGION = "us-east-1"
MILLION = 1_000_000

REST_API_REQUEST = 3.50 / MILLION
HTTP_API_REQUEST = 1.00 / MILLION
"""The first tier of each. What a gateway throttles is not charged."""

FUNCTION_REQUEST = 0.20 / MILLION
FUNCTION_GB_SECOND = 0.0000133334
"""On arm64. The first call of an environment pays for its start as well."""

PROVISIONED_GB_SECOND = 0.0000033334
"""Environments kept warm, on arm64, whether or not anybody calls."""

QUEUE_REQUEST = 0.40 / MILLION
"""Send, receive or delete, of up to ten messages and 64 KB each."""

TABLE_WRITE = 0.625 / MILLION
"""On demand, up to 1 KB. Within a transaction each item costs two. A condition that does not hold is paid for too."""

TABLE_READ = 0.125 / MILLION
"""On demand, up to 4 KB, strongly consistent."""

OBJECT_READ = 0.40 / MILLION
"""One of a bucket."""

MAIL = 0.10 / 1_000

NOTICE = 0.50 / MILLION
"""One of a topic's (SNS), of up to 64 KB; that it comes to a queue is free."""

LOG_GB = 0.50
TRACE = 5.00 / MILLION
TRANSFER_GB = 0.09
