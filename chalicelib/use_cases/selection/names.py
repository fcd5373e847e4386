"""Names of the files of a draw. Those under ``work/`` never leave the platform and are deleted after 30 days."""

from chalicelib.domain.identifiers import WaveNumber


def wave_folder(wave: WaveNumber) -> str:
    return f"wave-{int(wave):06d}"


def work_folder(wave: WaveNumber) -> str:
    return f"work/{wave_folder(wave)}"


def feed_folder(wave: WaveNumber) -> str:
    """Who joined, as the table's stream told it: rows ``ENTRY``."""
    return f"{work_folder(wave)}/feed/"


def list_name(wave: WaveNumber, province: str) -> str:
    """Rows ``LIST``, in order."""
    return f"{work_folder(wave)}/list/{province}.rows"


def people_name(wave: WaveNumber, province: str) -> str:
    """Rows ``PERSON``, in the list's order: whose row each is."""
    return f"{work_folder(wave)}/people/{province}.rows"


def leaves_name(wave: WaveNumber, province: str) -> str:
    """Hashes of the list's pages, 32 bytes each."""
    return f"{work_folder(wave)}/leaves/{province}.hashes"


def families_name(wave: WaveNumber) -> str:
    """Rows ``FAMILY``, in order."""
    return f"{work_folder(wave)}/families.rows"


def order_name(wave: WaveNumber, attempt: int, province: str) -> str:
    """Rows ``ORDER``."""
    return f"{work_folder(wave)}/draw-{attempt}/order/{province}.rows"


def strata_name(wave: WaveNumber, attempt: int, province: str) -> str:
    """JSON: a list of ``Stratum``."""
    return f"{work_folder(wave)}/draw-{attempt}/strata/{province}.json"


def winners_name(wave: WaveNumber, attempt: int, province: str) -> str:
    """Rows ``WINNER``, in order."""
    return f"{work_folder(wave)}/draw-{attempt}/winners/{province}.rows"


def excluded_name(wave: WaveNumber, attempt: int) -> str:
    """Rows ``EXCLUDED``, in order."""
    return f"{work_folder(wave)}/draw-{attempt}/excluded.rows"


def frozen_name(wave: WaveNumber) -> str:
    """Published: the frozen list's first three lines."""
    return f"{wave_folder(wave)}/frozen-list.txt"


def draw_record_name(wave: WaveNumber, attempt: int) -> str:
    """Published: the draw's line and its signature's."""
    return f"{wave_folder(wave)}/draw-{attempt}.txt"


def bundle_name(wave: WaveNumber, attempt: int) -> str:
    """Published: all that is needed to repeat the draw."""
    return f"{wave_folder(wave)}/draw-{attempt}.bundle"
