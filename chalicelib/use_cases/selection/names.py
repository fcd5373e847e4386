"""Names of the files of a draw. Those under ``work/`` never leave the platform and are deleted after 400 days."""

from chalicelib.domain.identifiers import WaveNumber


def wave_folder(wave: WaveNumber) -> str:
    return f"wave-{int(wave):06d}"


def work_folder(wave: WaveNumber) -> str:
    return f"work/{wave_folder(wave)}"


def feed_folder(wave: WaveNumber) -> str:
    """Who joined, as the table's stream told it: rows ``ENTRY``."""
    return f"{work_folder(wave)}/feed/"


def plan_name(wave: WaveNumber, run: int) -> str:
    """JSON: which of the feed's files each piece gathers."""
    return f"{_run_folder(wave, run)}/plan.json"


def gathered_name(wave: WaveNumber, run: int, piece: int) -> str:
    """Rows ``ENTRY``, by province and pseudonym."""
    return f"{_run_folder(wave, run)}/gathered/{piece:05d}.rows"


def kin_name(wave: WaveNumber, run: int, piece: int) -> str:
    """Rows ``KIN``, by family."""
    return f"{_run_folder(wave, run)}/kin/{piece:05d}.rows"


def crowded_name(wave: WaveNumber, run: int, piece: int) -> str:
    """Rows ``KIN`` of families of which too many joined, in order."""
    return f"{_run_folder(wave, run)}/crowded/{piece:05d}.rows"


def deal_name(wave: WaveNumber, run: int) -> str:
    """JSON: which provinces each piece deals with."""
    return f"{_run_folder(wave, run)}/deal.json"


def draft_name(wave: WaveNumber, run: int, kind: str, province: str) -> str:
    """Of one run: what becomes ``list_name``, ``people_name`` and ``leaves_name`` when it is whole."""
    return f"{_run_folder(wave, run)}/{kind}/{province}"


def done_folder(wave: WaveNumber, run: int, attempt: int, phase: str) -> str:
    """JSON for each piece that is done: what it found."""
    return f"{work_folder(wave)}/done/{run}-{attempt}-{phase}/"


def _run_folder(wave: WaveNumber, run: int) -> str:
    return f"{work_folder(wave)}/run-{run}"


def list_name(wave: WaveNumber, province: str) -> str:
    """Rows ``LIST``, in order."""
    return f"{work_folder(wave)}/list/{province}.rows"


def people_name(wave: WaveNumber, province: str) -> str:
    """Rows ``PERSON``, in the list's order: whose row each is."""
    return f"{work_folder(wave)}/people/{province}.rows"


def leaves_name(wave: WaveNumber, province: str) -> str:
    """Hashes of the list's pages, 32 bytes each."""
    return f"{work_folder(wave)}/leaves/{province}.hashes"


def kin_of_families_name(wave: WaveNumber) -> str:
    """Rows ``KIN`` of the section *families*, in order."""
    return f"{work_folder(wave)}/families.rows"


def families_name(wave: WaveNumber) -> str:
    """Rows ``FAMILY``, in order."""
    return f"{work_folder(wave)}/families.section"


def standing_name(wave: WaveNumber) -> str:
    """JSON: how many of each group and class are in each province's list."""
    return f"{work_folder(wave)}/standing.json"


def lots_name(wave: WaveNumber, attempt: int) -> str:
    """JSON: seed, random value, and each province's places."""
    return f"{work_folder(wave)}/draw-{attempt}/lots.json"


def order_name(wave: WaveNumber, attempt: int, province: str) -> str:
    """Rows ``ORDER``."""
    return f"{work_folder(wave)}/draw-{attempt}/order/{province}.rows"


def winners_name(wave: WaveNumber, attempt: int, province: str) -> str:
    """Rows ``WINNER``, in order."""
    return f"{work_folder(wave)}/draw-{attempt}/winners/{province}.rows"


def excluded_name(wave: WaveNumber, attempt: int) -> str:
    """Rows ``EXCLUDED``, in order."""
    return f"{work_folder(wave)}/draw-{attempt}/excluded.rows"


def conditions_name(wave: WaveNumber, digest: str) -> str:
    """Published: the conditions' line and its signature's. ``digest``: of the conditions, which may be changed and
    approved anew until the wave opens."""
    return f"{wave_folder(wave)}/conditions-{digest}.txt"


def annulment_name(wave: WaveNumber, attempt: int) -> str:
    """Published: the line of this attempt's annulment, and its signature's."""
    return f"{wave_folder(wave)}/annulment-{attempt}.txt"


def frozen_name(wave: WaveNumber) -> str:
    """Published: the frozen list's first three lines."""
    return f"{wave_folder(wave)}/frozen-list.txt"


def frozen_bundle_name(wave: WaveNumber) -> str:
    """Published: the same, with the lists and families."""
    return f"{wave_folder(wave)}/frozen-list.bundle"


def draw_record_name(wave: WaveNumber, attempt: int) -> str:
    """Published: the draw's line and its signature's."""
    return f"{wave_folder(wave)}/draw-{attempt}.txt"


def bundle_name(wave: WaveNumber, attempt: int) -> str:
    """Published: all that is needed to repeat the draw."""
    return f"{wave_folder(wave)}/draw-{attempt}.bundle"
