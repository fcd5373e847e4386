"""The draw: repeatable by anybody from the published file with SHA-256 alone."""

import hashlib
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.provinces import PROVINCES
from chalicelib.domain.selection import Draw, DrawEntry, draw, list_digest

ENTRIES = st.dictionaries(
    st.text("abcdefghijkmnopqrstuvwxyz0123456789-_", min_size=1, max_size=12), st.sampled_from(sorted(PROVINCES))
).map(lambda people: [DrawEntry(f"0.{pseudonym}", code) for pseudonym, code in people.items()])
QUOTAS = st.integers(0, 60)
SECRET = "rahasia"


def people(many: int, seed: int = 7) -> list[DrawEntry]:
    random = Random(seed)
    return [DrawEntry(f"0.{random.getrandbits(64):016x}", random.choice(sorted(PROVINCES))) for _ in range(many)]


def drawn(entries: list[DrawEntry], quota: int = 100, wave: int = 1, secret: str = SECRET) -> Draw:
    return draw(wave, quota=quota, floor=1, secret=secret, entries=entries)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def winners_again(published: Draw) -> set[str]:
    """As a newspaper would check it: from the rule's words and the published file, one person at a time."""
    lines = sorted(f"{entry.pseudonym} {entry.province_code}\n" for entry in published.entries)
    seed = sha256(f"{published.secret}|{sha256(''.join(lines))}")
    won = set()
    for entry in published.entries:
        ticket = sha256(f"{seed}|{published.wave}|{entry.pseudonym}")
        neighbours = [each for each in published.entries if each.province_code == entry.province_code]
        better = sum(sha256(f"{seed}|{published.wave}|{each.pseudonym}") < ticket for each in neighbours)
        if better < published.places[entry.province_code]:
            won.add(entry.pseudonym)
    return won


@given(ENTRIES, QUOTAS)
@settings(max_examples=60)
def test_a_draw_equals_an_independent_recomputation(entries: list[DrawEntry], quota: int) -> None:
    published = drawn(entries, quota)
    assert set(published.winners) == winners_again(published)


def test_a_large_draw_equals_an_independent_recomputation() -> None:
    published = drawn(people(1_500), 400)
    assert set(published.winners) == winners_again(published)
    assert len(published.winners) == 400


@given(ENTRIES, QUOTAS, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_in_which_people_joined_decides_nothing(entries: list[DrawEntry], quota: int, random: Random) -> None:
    shuffled = random.sample(entries, len(entries))
    assert drawn(shuffled, quota) == drawn(entries, quota)


@given(ENTRIES, QUOTAS)
def test_a_draw_is_never_over_quota_and_leaves_no_place_while_somebody_waits(
    entries: list[DrawEntry], quota: int
) -> None:
    published = drawn(entries, quota)
    assert len(published.winners) == min(quota, len(entries))
    assert sum(published.places.values()) == len(published.winners)


@given(ENTRIES, QUOTAS)
def test_no_province_wins_more_than_its_places_and_nobody_wins_twice(entries: list[DrawEntry], quota: int) -> None:
    published = drawn(entries, quota)
    province_of = {entry.pseudonym: entry.province_code for entry in entries}
    assert len(set(published.winners)) == len(published.winners)
    won = Counter(province_of[winner] for winner in published.winners)
    assert all(won[code] == places for code, places in published.places.items())


def test_what_is_published_is_in_order() -> None:
    published = drawn(people(200))
    pseudonyms = [entry.pseudonym for entry in published.entries]
    assert pseudonyms == sorted(pseudonyms)
    assert list(published.winners) == sorted(published.winners)


def test_where_there_are_places_for_all_nobody_is_passed_over() -> None:
    entries = people(50)
    assert set(drawn(entries, 1_000).winners) == {entry.pseudonym for entry in entries}


def test_an_entry_of_no_province_wins_nothing() -> None:
    assert drawn([DrawEntry("0.a", "00"), DrawEntry("0.b", "31")]).winners == ("0.b",)


def test_nobody_joined_and_nobody_wins() -> None:
    assert drawn([]).winners == ()


@pytest.mark.parametrize("changes", [{"secret": "another"}, {"wave": 2}])
def test_secret_and_wave_both_decide(changes: dict[str, object]) -> None:
    entries = people(500)
    assert drawn(entries, **changes).winners != drawn(entries).winners  # type: ignore[arg-type]


def test_one_more_person_changes_the_whole_draw() -> None:
    """Nobody can add a person and know who else wins by it."""
    entries = people(500)
    first, second = drawn(entries), drawn([*entries, DrawEntry("0.late", "31")])
    assert first.seed != second.seed
    assert len(set(first.winners) & set(second.winners)) < 60


def test_a_draw_is_as_published_for_ever() -> None:
    """Made with ``printf`` and ``sha256sum``; who changes this breaks every published draw."""
    entries = [DrawEntry("0.a", "31"), DrawEntry("0.b", "31"), DrawEntry("0.c", "11")]
    published = draw(7, quota=2, floor=0, secret="rahasia", entries=entries)
    assert published.list_digest == "9256e930dc94cf5f3a4256370433148ab5efe243cff00e824ab702f116e15d29"
    assert published.seed == "6c6e561f343bb9287c0d0959ec7ca0195dbe72fa5d97107237be343a927c5bdf"
    assert published.winners == ("0.b", "0.c")
    assert list_digest(entries) == published.list_digest


@pytest.mark.parametrize("group", range(5))
def test_every_ticket_has_the_same_chance(group: int) -> None:
    """Of 400 draws of 10 people for 5 places, each wins about half."""
    entries = [DrawEntry(f"0.{number}", "31") for number in range(10)]
    wins = Counter(winner for round_ in range(400) for winner in drawn(entries, 5, secret=f"{group}/{round_}").winners)
    assert sum(wins.values()) == 2_000
    assert all(150 < won < 250 for won in wins.values())
