"""The zip: what is missing or built for another machine is refused, and the same code is the same zip."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.bundle import BundleError, add_bytecode, check_machine, check_requirements

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
ARM, INTEL = 0xB7, 0x3E


def zipped(path: Path, **files: bytes) -> Path:
    with ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return path


def library(machine: int) -> bytes:
    return b"\x7fELF".ljust(18, b"\0") + machine.to_bytes(2, "little")


def test_a_requirement_that_was_left_out_is_named(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", **{"argon2_cffi-25.1.0.dist-info__METADATA": b""})
    check_requirements(archive, "# ours\nArgon2-CFFI==25.1.0  # passwords\n")
    with pytest.raises(BundleError, match="pillow"):
        check_requirements(archive, "argon2-cffi==25.1.0\npillow==13.0.0\n")


def test_a_library_for_the_machine_that_packages_is_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", _speedups_dot_so=library(ARM), notes_dot_so_dot_txt=b"no library")
    check_machine(archive, "arm64")
    with pytest.raises(BundleError, match="_speedups"):
        check_machine(zipped(tmp_path / "b.zip", _speedups_dot_so=library(INTEL)), "arm64")


def test_modules_are_compiled_and_run_from_what_was_compiled(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", app_dot_py=b"print('compiled')", lib__notes_dot_txt=b"kept")
    assert add_bytecode(archive, RUNTIME)
    with ZipFile(archive) as bundle:
        bundle.extractall(tmp_path / "task")
    assert (tmp_path / "task/lib/notes.txt").read_bytes() == b"kept"
    # The source now says another thing: who still says the first runs the bytecode, and without looking at the source.
    (tmp_path / "task/app.py").write_text("print('source')")
    said = subprocess.run([sys.executable, "-c", "import app"], cwd=tmp_path / "task", capture_output=True, text=True)
    assert said.stdout.strip() == "compiled"


def test_another_interpreter_compiles_nothing(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", app_dot_py=b"")
    before = archive.read_bytes()
    assert not add_bytecode(archive, "python3.99")
    assert archive.read_bytes() == before


def test_the_same_code_is_the_same_zip(tmp_path: Path) -> None:
    code = {"app_dot_py": b"NAMES = {'one', 'two', 'three'}", "b_dot_py": b""}
    first, second = zipped(tmp_path / "a.zip", **code), zipped(tmp_path / "b.zip", **dict(reversed(code.items())))
    add_bytecode(first, RUNTIME)
    add_bytecode(second, RUNTIME)
    assert first.read_bytes() == second.read_bytes()


def test_what_does_not_compile_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"app\.py"):
        add_bytecode(zipped(tmp_path / "a.zip", app_dot_py=b"def"), RUNTIME)
