r"""The gateway's mapping template: from a registration's JSON to a call of SQS that holds our envelope.

Written so that it does not hang on how one engine of Velocity differs from another: all on one line (a line break left
by a ``#set`` would be the form's first character), no string is put together in Velocity, and what is fixed is encoded
here. Every value from outside goes through ``"$!..."`` (text, whatever it was, and empty when it is missing), then
``escapeJavaScript`` (which escapes ``'`` too, and JSON knows no ``\'``: taken back), then ``urlEncode``. Velocity does
not look into values for directives, and what is escaped is ASCII: SQS takes it.
"""

import re
from urllib.parse import quote

_ENVELOPE = (
    '{"version":1,"correlation_id":"<correlation_id>","sent_at":<sent_at>,'
    '"body":{"email":"<email>","language":"<language>","registration_id":"<registration_id>"}}'
)
"""The same names and kinds as ``SqsMessages.send`` and ``request_registration`` write; a test compares them. The source
is left out: nothing here could tell an edge from who pretends to be one."""

_TEXTS = {
    # What the access log has, and what the caller is told. A caller may have chosen it (``x-amzn-RequestId``), so it is
    # a stranger's text like the address; the worker takes up only a lawful one (``new_correlation_id``).
    "correlation_id": "$!{context.requestId}",
    "email": "$!{asked.email}",
    # The id seeds the verification's code and link: HMACs under a key of ours (``use_cases/registration/proofs.py``),
    # so that it need not be secret; the gateway tells it to the caller, in ``x-amz-apigw-id``. It must be unique even
    # against a caller who wants it not to be: the code is derived from it alone, so whoever could register somebody
    # else's address under the id of a registration of their own would know its code. Therefore never of
    # ``requestId``, which callers may set, but of ``extendedRequestId``, which they cannot, and the gateway's clock.
    "registration_id": "$!{context.extendedRequestId}.$!{context.requestTimeEpoch}",
}
_WRITTEN = {
    "language": '#if($asked.language == "en")en#{else}id#end',
    # Our envelope counts seconds; in milliseconds no message would ever be too old (``handlers/batches.py``).
    "sent_at": "$millis.substring(0, 10)",
}
_ESCAPED = r"""$util.urlEncode($util.escapeJavaScript($%s).replaceAll("\\'", "'"))"""
_PLACE = re.compile(r"<(\w+)>")


def _request_template() -> str:
    sets = ["#set($asked = $input.path('$'))", '#set($millis = "$context.requestTimeEpoch")']
    sets += [f'#set(${name} = "{source}")' for name, source in _TEXTS.items()]
    return "".join(sets) + "Action=SendMessage&Version=2012-11-05&MessageBody=" + _message_body()


def _message_body() -> str:
    # Text and names alternate.
    pieces = _PLACE.split(_ENVELOPE)
    return "".join(_place(piece) if place % 2 else quote(piece, safe="") for place, piece in enumerate(pieces))


def _place(name: str) -> str:
    return _ESCAPED % name if name in _TEXTS else _WRITTEN[name]


REQUEST_TEMPLATE = _request_template()
