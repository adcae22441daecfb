"""Folders of definitions, written for a test."""

from pathlib import Path
from textwrap import dedent

from smtui.check import FleetReport, fleet

__all__ = ["GOOD", "codes_by_file", "names", "report_of", "write"]

GOOD = "initial_state: a\ntransitions: [{from: a, to: stopped, event: stop}]\n"
"""A machine nothing can be said against."""


def write(folder: Path, **files: str) -> Path:
    """Write files; `a_yaml="..."` is the file a.yaml. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        stem, _, ending = name.rpartition("_")
        (folder / f"{stem}.{ending}").write_text(dedent(text), "utf-8")
    return folder


def report_of(folder: Path, **files: str) -> FleetReport:
    """Return the report of a folder with just these files."""
    write(folder / "machines", **files)
    return fleet([Path("machines")], cwd=folder)


def names(report: FleetReport) -> list[str]:
    """Return the names of the machines that can run."""
    return [machine.name for machine in report.machines]


def codes_by_file(report: FleetReport) -> list[tuple[str, str]]:
    """Return file name and code of each problem, in order."""
    return [(Path(p.at.file).name, p.code) for p in report.problems]
