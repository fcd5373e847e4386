"""Package one stage: ``python -m infra.package --stage dev --out build/package``.

Chalice runs twice on a clean copy of the code: once without dependencies, to see what it writes by itself, and, once
the overlay is found to fit on that, in earnest. On a copy, because Chalice keeps a zip beside the code and takes it up
again, even one in which a dependency is missing; and because it ships whatever lies under ``chalicelib``.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from infra.alarms import FILE, MOST_RESOURCES, apart, resources_made
from infra.bundle import BundleError, add_bytecode, check_machine, check_requirements, unzipped_bytes
from infra.fronts import FRONTS, REST, with_front
from infra.meant import unmeant
from infra.overlay import functions_of, overlay
from infra.template import TemplateError

ROOT = Path(__file__).parents[1]
REGION = "ap-southeast-3"
PYTHON = (3, 13)
"""Lambda runs what packages. Lambda's 3.11 is too old for today's pillow."""
MOST_TEMPLATE_BYTES = 1_000_000
_CHALICE = "import sys; from chalice.cli import main; sys.exit(main())"
_NOT_INSTALLED = "Could not install dependencies:"
_LEFT_IN_OUT = ("overlay.json", "sam.json", FILE, "deployment.zip")


class PackagingFailed(Exception):
    """The message says what to mend."""


@dataclass(frozen=True)
class Package:
    stage: str
    template: str
    alarms: str
    archive: str
    functions: int
    resources: int
    template_bytes: int
    zip_bytes: int
    unzipped_bytes: int
    largest: dict[str, int]
    has_bytecode: bool
    seconds: float


def package(stage: str, out: Path, *, front: str = REST, with_dependencies: bool = True) -> Package:
    """Template and zip in ``out``. Without dependencies it takes seconds and the zip does not run: for tests."""
    if with_dependencies and sys.version_info[:2] != PYTHON:
        raise PackagingFailed(f"package with Python {PYTHON[0]}.{PYTHON[1]}, not {sys.version.split()[0]}")
    begun = time.monotonic()
    work = _cleared(out)
    source = _copied(work / "source", stage)
    _say(f"{stage}: what Chalice writes by itself")
    bare = _chalice(source, stage, work / "bare")
    overlay_file = work / "overlay.json"
    overlay_file.write_text(json.dumps(_fitting_overlay(bare, stage), indent=1))
    if with_dependencies:
        _copy_requirements(source)
        _say(f"{stage}: with dependencies and overlay (downloads; a minute or two)")
    template = with_front(_chalice(source, stage, work / "whole", "--merge-template", str(overlay_file)), front)
    check_template(template, stage)
    archive = work / "whole" / "deployment.zip"
    has_bytecode = with_dependencies and _finished(archive, template, source)
    made = _told(stage, out, template, archive, has_bytecode, time.monotonic() - begun)
    shutil.rmtree(work)
    return made


def _cleared(out: Path) -> Path:
    """The folder to work in. Only what an earlier run left is removed (``--out`` may be any folder), and only what is
    whole leaves the working folder: nobody deploys the ruins of a failed run."""
    for name in _LEFT_IN_OUT:
        (out / name).unlink(missing_ok=True)
    shutil.rmtree(out / "work", ignore_errors=True)
    return out / "work"


def _copied(source: Path, stage: str) -> Path:
    stages = json.loads((ROOT / ".chalice/config.json").read_text("utf-8"))["stages"]
    if stage not in stages:
        raise PackagingFailed(f".chalice/config.json has no stage {stage}, only {', '.join(stages)}")
    for name in ("app.py", "chalicelib", "infra/policies", ".chalice/config.json"):
        origin, copy = ROOT / name, source / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, copy, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        else:
            shutil.copy(origin, copy)
    return source


def _copy_requirements(source: Path) -> None:
    if not (ROOT / "requirements.txt").exists():
        raise PackagingFailed("there is no requirements.txt: the zip would hold no dependencies")
    shutil.copy(ROOT / "requirements.txt", source)


def _chalice(source: Path, stage: str, out: Path, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-c", _CHALICE, "--project-dir", str(source), "package", "--stage", stage, *options]
    # No STAGE from outside: the application must be named by the stage that is packaged.
    inherited = {name: value for name, value in os.environ.items() if name not in ("STAGE", "AWS_PROFILE")}
    environment = {"AWS_DEFAULT_REGION": REGION, **inherited, "PYTHONDONTWRITEBYTECODE": "1"}
    outcome = subprocess.run([*command, str(out)], cwd=source, env=environment, capture_output=True, text=True)
    said = outcome.stdout + outcome.stderr
    if outcome.returncode:
        raise PackagingFailed(f"chalice failed:\n{said}")
    if _NOT_INSTALLED in said:
        missing = said.partition(_NOT_INSTALLED)[2].strip().partition("\n\n")[0].partition("\nYou will")[0]
        raise PackagingFailed(f"chalice could not install: {', '.join(missing.split())}")
    template: dict[str, Any] = json.loads((out / "sam.json").read_text("utf-8"))
    return template


def _fitting_overlay(bare: dict[str, Any], stage: str) -> dict[str, Any]:
    named = {each["Properties"]["Environment"]["Variables"]["STAGE"] for _, each in functions_of(bare)}
    if named != {stage}:
        raise PackagingFailed(f".chalice/config.json names stage {stage} as STAGE={', '.join(sorted(named))}")
    made = overlay(bare, stage)
    strange = unmeant(made, bare)
    if strange:
        raise PackagingFailed("the overlay does not fit:\n  " + "\n  ".join(strange))
    return made


def check_template(template: dict[str, Any], stage: str) -> None:
    """What must hold whatever was merged."""
    untyped = [name for name, each in template["Resources"].items() if "Type" not in each]
    if untyped:
        raise PackagingFailed(f"no resources, for want of a Type: {', '.join(untyped)}")
    if template["Parameters"]["Stage"].get("Default") != stage:
        raise PackagingFailed(f"the template is not for stage {stage} by itself")
    for name, function in functions_of(template):
        for event in function["Properties"].get("Events", {}).values():
            reports = event["Properties"].get("FunctionResponseTypes") == ["ReportBatchItemFailures"]
            if event["Type"] in ("SQS", "DynamoDB") and not reports:
                raise PackagingFailed(f"{name} would fail whole batches")


def _finished(archive: Path, template: dict[str, Any], source: Path) -> bool:
    properties = next(each["Properties"] for _, each in functions_of(template))
    check_requirements(archive, (source / "requirements.txt").read_text("utf-8"))
    check_machine(archive, properties["Architectures"][0])
    _say("compiling")
    return add_bytecode(archive, properties["Runtime"])


def _told(
    stage: str, out: Path, template: dict[str, Any], archive: Path, has_bytecode: bool, seconds: float
) -> Package:
    # On one line: Amazon takes a template of a megabyte, and spaces count.
    rest, alarms = apart(template)
    text, sizes = json.dumps(rest, separators=(",", ":")), unzipped_bytes(archive)
    if len(text) > MOST_TEMPLATE_BYTES:
        raise PackagingFailed(f"the template has {len(text)} bytes; CloudFormation takes {MOST_TEMPLATE_BYTES}")
    for name, made in (("sam.json", rest), (FILE, alarms)):
        if resources_made(made) > MOST_RESOURCES:
            raise PackagingFailed(f"{name} makes {resources_made(made)} resources; a stack takes {MOST_RESOURCES}")
    (out / "overlay.json").write_bytes((out / "work" / "overlay.json").read_bytes())
    (out / "sam.json").write_text(text)
    (out / FILE).write_text(json.dumps(alarms, separators=(",", ":")))
    archive = archive.replace(out / "deployment.zip")
    return Package(
        stage=stage,
        template=str(out / "sam.json"),
        alarms=str(out / FILE),
        archive=str(archive),
        functions=len(list(functions_of(template))),
        resources=resources_made(rest) + resources_made(alarms),
        template_bytes=len(text),
        zip_bytes=archive.stat().st_size,
        unzipped_bytes=sizes.total(),
        largest=dict(sizes.most_common(8)),
        has_bytecode=has_bytecode,
        seconds=round(seconds, 1),
    )


def _say(text: str) -> None:
    print(f"  {text} ...", file=sys.stderr, flush=True)


def _report(made: Package) -> str:
    mega = 1024 * 1024
    largest = ", ".join(f"{name} {size / mega:.1f}" for name, size in made.largest.items())
    return (
        f"{made.template}: {made.functions} functions, {made.resources} resources, {made.template_bytes:,} bytes\n"
        f"{made.archive}: {made.zip_bytes / mega:.1f} MB, unzipped {made.unzipped_bytes / mega:.1f} MB"
        f"{', with bytecode' if made.has_bytecode else ', WITHOUT bytecode'}; largest (MB): {largest}\n"
        f"{made.seconds} s"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Package one stage for CloudFormation.")
    parser.add_argument("--stage", required=True)
    parser.add_argument("--front", choices=FRONTS, default=REST, help="docs/decisions/0008-four-fronts.md")
    parser.add_argument("--out", type=Path, default=Path("build/package"))
    parser.add_argument("--without-dependencies", action="store_true", help="in seconds; the zip is no use")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        made = package(
            options.stage,
            options.out.resolve(),
            front=options.front,
            with_dependencies=not options.without_dependencies,
        )
    except (PackagingFailed, BundleError, TemplateError) as failure:
        print(f"not packaged: {failure}", file=sys.stderr)
        return 1
    print(json.dumps(asdict(made)) if options.json else _report(made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
