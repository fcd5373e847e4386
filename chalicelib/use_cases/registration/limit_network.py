"""Passwords and codes that one network may try, whoever's they are: guessing a little at many people's is guessing."""

from chalicelib.domain.errors import TooManyAttempts
from chalicelib.domain.registration import ANSWERS_FROM_A_NETWORK, network_of
from chalicelib.ports import Buckets, Clock, Indexer


def limit_network(source: str, *, buckets: Buckets, indexer: Indexer, clock: Clock) -> None:
    """``TooManyAttempts`` when a network has used up its tries. Without a source there is nothing to count."""
    network = network_of(source)
    if network is None:
        return
    key = f"answers/{indexer.index('network', network)}"
    if buckets.take(key, ANSWERS_FROM_A_NETWORK, now=clock.now()) is None:
        raise TooManyAttempts("network_tried_too_often")
