"""Paths -> files read: a unit for each definition, and what is not one.

A file named on the command line must be a definition; one that only lies in a
folder may be anything, and is listed when it is not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from smtui.check.actions import action_files, find_actions_dir
from smtui.check.folder import SUFFIXES, find, read
from smtui.check.project import Project, read_project
from smtui.check.project_keys import PROJECT_FILE
from smtui.check.report import NotRead
from smtui.check.unit import Unit
from smtui.definition import Position, Problem
from smtui.dialects import Notes, load_all

__all__ = ["Gathered", "Gatherer"]

_OTHERS = frozenset({"not-a-machine", "dialect-not-built"})
"""Problems of files that need not be definitions we can run."""


@dataclass(slots=True)
class Gathered:
    """Everything found under the paths."""

    units: list[Unit] = field(default_factory=list[Unit])
    projects: list[Project] = field(default_factory=list[Project])
    problems: list[Problem] = field(default_factory=list[Problem])
    """Of files that gave no unit."""
    not_read: list[NotRead] = field(default_factory=list[NotRead])
    files: list[str] = field(default_factory=list[str])
    """Every file and path looked at, in order, as the operator named it."""
    whole: list[Project] = field(default_factory=list[Project])
    """Projects whose folder was read whole: all their machines are here."""
    are_all_known: bool = True
    """False when a file could not be read, so its machine's name is unknown."""


class Gatherer:
    """Reads files; each once, whatever paths lead to it."""

    def __init__(self, base: Path, actions_dir: Path | None) -> None:
        """Paths are looked up from `base`."""
        self._base = base
        self._actions_dir = actions_dir
        self._seen: set[Path] = set()
        self.found = Gathered()

    def take(self, path: Path) -> None:
        """Read what a path of the command line means."""
        if path.name == PROJECT_FILE:
            path = path.parent
        inside = find(self._base / path)
        if isinstance(inside, Problem):
            self._refuse(replace(inside, at=Position(str(path))))
        elif (self._base / path).is_dir():
            self._folder(path, [each.path.name for each in inside])
        else:
            shown = str(path)
            project = None
            if (self._base / path).with_name(PROJECT_FILE).is_file():
                project = self._project(path.with_name(PROJECT_FILE))
            self._file(self._base / path, shown, project, is_named=True)

    def _refuse(self, problem: Problem) -> None:
        self.found.are_all_known = False
        self.found.problems.append(problem)
        self.found.files.append(problem.at.file)

    def _folder(self, path: Path, names: list[str]) -> None:
        before = len(self.found.units) + len(self.found.problems)
        project = self._project(path / PROJECT_FILE) if PROJECT_FILE in names else None
        for name in names:
            shown = str(path / name)
            if name == PROJECT_FILE:
                self.found.files.append(shown)
            else:
                self._file(self._base / path / name, shown, project, is_named=False)
        if project is not None:
            self.found.whole.append(project)
            for entry in project.machines:
                if entry.file is not None and entry.file.is_file():
                    self._file(entry.file, str(entry.file), project, is_named=True)
        if before == len(self.found.units) + len(self.found.problems):
            self._refuse(
                Problem(
                    Position(str(path)),
                    "no-machines",
                    f"found no definition of a machine in {str(path)!r}",
                    "`smtui new` lists what there is to begin with",
                )
            )

    def _project(self, path: Path) -> Project | None:
        """Read a project file once; a second path into its folder shares it."""
        shown = str(path)
        for known in self.found.projects:
            if known.file == shown:
                return known
        text = read(self._base / path, shown)
        if isinstance(text, Problem):
            notes = Notes()
            notes.extend([text])
            project = Project(shown, notes=notes)
        else:
            project = read_project(text, shown, (self._base / path).parent)
        self.found.projects.append(project)
        return project

    def _file(
        self, path: Path, shown: str, project: Project | None, *, is_named: bool
    ) -> None:
        """Read one file: it becomes a unit, a problem, or is listed."""
        if path.resolve() in self._seen:
            return
        self._seen.add(path.resolve())
        self.found.files.append(shown)
        text = self._text(path, shown)
        if isinstance(text, Problem):
            if not is_named and text.code in _OTHERS:
                self.found.not_read.append(NotRead(shown, text.message))
            else:
                self._refuse(text)
            return
        for unit in self._units(path, shown, text, project):
            problems = unit.loaded.problems
            if not is_named and problems and problems[0].code in _OTHERS:
                self.found.not_read.append(NotRead(shown, problems[0].message))
            else:
                self.found.are_all_known &= bool(unit.loaded.dialect)
                self.found.units.append(unit)

    @staticmethod
    def _text(path: Path, shown: str) -> str | Problem:
        if path.suffix.lower() not in SUFFIXES:
            ending = f"a name ending in {path.suffix!r}" if path.suffix else "no ending"
            return Problem(
                Position(shown),
                "not-a-machine",
                f"found {ending}, expected one of {', '.join(sorted(SUFFIXES))}",
            )
        return read(path, shown)

    def _units(
        self, path: Path, shown: str, text: str, project: Project | None
    ) -> Iterator[Unit]:
        """Yield what a file defines: one machine, or those of a list."""
        found = load_all(text, shown)
        actions_dir = find_actions_dir(
            path.parent, found[0].actions_root, self._actions_dir
        )
        custom = action_files(actions_dir)
        if custom:
            found = load_all(text, shown, custom=frozenset(custom))
        for loaded in found:
            notes = Notes()
            notes.extend(loaded.problems)
            yield Unit(
                path=path.absolute(),
                shown=shown,
                loaded=loaded,
                name=loaded.name or path.stem,
                notes=notes,
                actions_dir=actions_dir,
                custom=custom,
                project=project,
            )
