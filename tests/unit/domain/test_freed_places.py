"""Who is next when a place falls free."""

from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection.freed_places import WaitingOrder, next_strata
from chalicelib.domain.selection.stratum import Stratum
from tests.builders import an_entry

FIRST = Stratum(group=0, class_=0, entries=3, standing=3, places=1, start=0)
WOMEN = Stratum(group=1, class_=1, entries=4, standing=3, places=2, start=3)
DISABLED = Stratum(group=1, class_=2, entries=2, standing=2, places=2, start=6)
BOTH = Stratum(group=1, class_=3, entries=2, standing=2, places=0, start=8)
STRATA = (FIRST, WOMEN, DISABLED, BOTH)
NEW = WaitingOrder(WaveNumber(1), "31")
A_WOMAN = an_entry(group=1, is_woman=True)


def test_the_first_in_waiting_follows_the_winners_of_a_stratum() -> None:
    assert [NEW.next_of(each) for each in STRATA] == [1, 5, 8, 8]
    assert [NEW.has_more(each) for each in STRATA] == [True, True, False, True]


def test_the_own_stratum_comes_first_even_before_an_earlier_group() -> None:
    """As where reserved shares gave a place to a later group."""
    assert next_strata(A_WOMAN, STRATA, NEW) == [WOMEN]


def test_when_nobody_is_left_there_the_first_group_is_next() -> None:
    assert next_strata(A_WOMAN, STRATA, NEW.gone_past(WOMEN)) == [FIRST]


def test_of_one_group_all_strata_with_somebody_waiting_are_looked_at() -> None:
    a_man = an_entry(group=0)
    gone = NEW.gone_past(FIRST).gone_past(FIRST)
    assert next_strata(a_man, STRATA, gone) == [WOMEN, BOTH]


def test_when_nobody_is_left_at_all_nobody_is_next() -> None:
    gone = NEW
    for stratum in (FIRST, FIRST, WOMEN, BOTH, BOTH):
        gone = gone.gone_past(stratum)
    assert next_strata(A_WOMAN, STRATA, gone) == []
    assert next_strata(A_WOMAN, (), NEW) == []
