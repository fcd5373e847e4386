"""What ``Draws`` promises: published once, the same for ever."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Misconfigured
from chalicelib.domain.identifiers import WaveNumber
from chalicelib.domain.selection import Draw, DrawEntry, draw
from chalicelib.ports import Draws
from tests.contract.stores.fresh import fresh


def drawn(wave: int, **changes: object) -> Draw:
    entries = [DrawEntry(f"0.{number:03d}", "31" if number % 2 else "11") for number in range(20)]
    return replace(draw(wave, quota=10, floor=0, secret="secret", entries=entries), **changes)  # type: ignore[arg-type]


def test_a_published_draw_comes_back_as_it_was(draws: Draws) -> None:
    published = drawn(fresh())
    assert len(draws.publish(published)) == 64
    assert draws.get(WaveNumber(published.wave)) == published


def test_a_draw_that_was_not_published_is_not_there(draws: Draws) -> None:
    assert draws.get(WaveNumber(fresh())) is None


def test_publishing_the_same_draw_again_is_no_change(draws: Draws) -> None:
    wave = fresh()
    assert draws.publish(drawn(wave)) == draws.publish(drawn(wave))


def test_a_published_draw_cannot_be_replaced(draws: Draws) -> None:
    published = drawn(fresh())
    draws.publish(published)
    with pytest.raises(Misconfigured):
        draws.publish(replace(published, winners=published.winners[1:]))
    assert draws.get(WaveNumber(published.wave)) == published


def test_draws_that_differ_have_different_digests(draws: Draws) -> None:
    first = drawn(fresh())
    assert draws.publish(first) != draws.publish(replace(first, wave=fresh()))


def test_anybody_can_fetch_a_draw_by_its_wave(draws: Draws) -> None:
    wave = fresh()
    draws.publish(drawn(wave))
    assert f"wave-{wave:06d}" in draws.download_url(WaveNumber(wave))
