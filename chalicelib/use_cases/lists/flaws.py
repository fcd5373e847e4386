"""Keep the first flaws of a version, for whoever has to mend the file."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.list_rows import Flaw
from chalicelib.domain.lists import MOST_FLAWS_KEPT, ListVersion
from chalicelib.ports import ListFiles
from chalicelib.use_cases.lists.names import flaws_name


def with_flaws(version: ListVersion, found: Sequence[Flaw], *, files: ListFiles) -> ListVersion:
    """The version that counts them all and names the file of the first thousand. Each step writes a file of its own, so
    that a step that is repeated keeps none of them twice."""
    counted = replace(version, counts=replace(version.counts, flaws=version.counts.flaws + len(found)))
    kept = found[: MOST_FLAWS_KEPT - version.flaws_kept]
    if not kept:
        return counted
    earlier = files.flaws(version.flaws_name) if version.flaws_name else ()
    name = flaws_name(version, version.phase, version.step)
    files.write_flaws(name, [*earlier, *kept])
    return replace(counted, flaws_name=name, flaws_kept=len(earlier) + len(kept))
