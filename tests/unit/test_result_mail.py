"""The mail to whoever was not awarded: true for every reason, and silent about what others need not read."""

import pytest

from chalicelib.adapters.mail.writing import JinjaMailWriter
from chalicelib.domain.mail import Language, Template
from chalicelib.domain.remedies import REMEDIES

TOLD = {
    "family_lot": ("diundi di dalam keluarga", "lots decided within the family"),
    "not_drawn": ("tempat diundi", "places are drawn"),
    "family_limit": ("satu KK", "one KK"),
    "earlier_recipient": ("sudah pernah menjadi penerima", "a recipient before"),
}
IN_GENERAL = ("mengajukan keberatan", "how to appeal")
"""A mailbox is often read by more than one: blocklist, aid and school are told to whoever signs in."""


@pytest.mark.parametrize("place", range(2), ids=["id", "en"])
@pytest.mark.parametrize("reason", sorted({*TOLD, *REMEDIES}))
def test_a_mail_gives_the_reason_it_has_and_no_other(reason: str, place: int) -> None:
    language = (Language.INDONESIAN, Language.ENGLISH)[place]
    blanks: dict[str, str | int] = {"wave": 7, "reason": reason, "public_url": "https://prakerja.example"}
    _, text, html = JinjaMailWriter().write(Template.NOT_AWARDED, language, blanks)
    expected = TOLD.get(reason, IN_GENERAL)[place]
    others = {words[place] for words in (*TOLD.values(), IN_GENERAL)} - {expected}
    for written in (text, html):
        assert expected.lower() in written.lower()
        assert not [other for other in others if other.lower() in written.lower()]
