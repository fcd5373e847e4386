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


PROMISES = {
    Language.INDONESIAN: ("tiket", "peringkat", "/draws"),
    Language.ENGLISH: ("ticket", "rank", "/draws"),
}
PROMISED = {"not_drawn": (True, True, True), "family_lot": (False, False, True)}
"""Whom the family left no place took no part in the draw and has no rank. To all others nothing is promised."""


def written_for(reason: str, language: Language) -> tuple[str, str]:
    blanks: dict[str, str | int] = {"wave": 7, "reason": reason, "public_url": "https://prakerja.example"}
    _, text, html = JinjaMailWriter().write(Template.NOT_AWARDED, language, blanks)
    return text, html


@pytest.mark.parametrize("place", range(2), ids=["id", "en"])
@pytest.mark.parametrize("reason", sorted({*TOLD, *REMEDIES}))
def test_a_mail_gives_the_reason_it_has_and_no_other(reason: str, place: int) -> None:
    language = (Language.INDONESIAN, Language.ENGLISH)[place]
    text, html = written_for(reason, language)
    expected = TOLD.get(reason, IN_GENERAL)[place]
    others = {words[place] for words in (*TOLD.values(), IN_GENERAL)} - {expected}
    for written in (text, html):
        assert expected.lower() in written.lower()
        assert not [other for other in others if other.lower() in written.lower()]


@pytest.mark.parametrize("language", PROMISES)
@pytest.mark.parametrize("reason", sorted({*TOLD, *REMEDIES}))
def test_a_mail_promises_only_what_the_receipt_has(reason: str, language: Language) -> None:
    for written in written_for(reason, language):
        found = tuple(word in written.lower() for word in PROMISES[language])
        assert found == PROMISED.get(reason, (False, False, False))
