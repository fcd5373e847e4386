"""Numbers that no test before has used: the engine is shared, the people and waves in it are not."""

from itertools import count

_numbers = count(1)


def fresh() -> int:
    return next(_numbers)
