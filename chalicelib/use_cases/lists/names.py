"""What the files are called that a load makes. ``work`` is deleted by the bucket's rule, ``versions`` is kept."""

from chalicelib.domain.lists import ListVersion, Phase


def piece_name(version: ListVersion, piece: int, shard: int) -> str:
    return f"work/{version.list}/{version.number:06d}/piece-{piece:04d}-{shard:02d}"


def standing_name(version: ListVersion, number: int, shard: int) -> str:
    """Everybody who stands on a version, of this list."""
    return f"versions/{version.list}/{number:06d}/standing-{shard:02d}"


def changes_name(version: ListVersion, shard: int) -> str:
    """Who was added, changed or removed by a version."""
    return f"versions/{version.list}/{version.number:06d}/changes-{shard:02d}"


def flaws_name(version: ListVersion, phase: Phase, step: int) -> str:
    return f"versions/{version.list}/{version.number:06d}/flaws-{phase}-{step:04d}"
