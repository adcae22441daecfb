"""What a supervisor is told when it is started; crosses argv as one JSON."""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self, cast

from smtui.definition import Json
from smtui.errors import InternalError

__all__ = ["MachineOptions", "SupervisorArgs"]


def _here() -> Path:
    """Return the working directory; the root when somebody removed it."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path("/")


@dataclass(frozen=True, slots=True)
class MachineOptions:
    """Options of `run` that change how paths are read; `_check` gets them."""

    only: tuple[str, ...] = ()
    """Start only these machines; the others of the paths stay stopped."""
    name: str | None = None
    """For one file: the machine's name."""
    context: dict[str, Json] | None = None
    """For one file: data the machine starts with."""
    actions_dir: str | None = None


@dataclass(frozen=True, slots=True)
class SupervisorArgs:
    """Everything run_supervisor needs; `smtui _supervise JSON` hands it over."""

    data_dir: Path
    paths: tuple[Path, ...] = ()
    """Definitions and folders to run; Ask("add") brings more. Without any only
    machines that other machines started and that have not ended are run."""
    options: MachineOptions = field(default_factory=MachineOptions)
    who: str = ""
    """user@tty of who started the fleet."""
    cwd: Path = field(default_factory=_here)
    """Where it was started: machines look here first for a start_fsm's file."""
    program: tuple[str, ...] = (sys.executable, "-P", "-m", "smtui")
    """How this program is run: with `_check`, `_machine`, `_supervise`."""
    is_guarded: bool = False
    """Standard input is the guardian's pipe, standard output wants one line
    about how the start went. Set by start_fleet."""

    def to_json(self) -> str:
        """Return this as one line."""
        document = asdict(self)
        document["data_dir"] = str(self.cwd / self.data_dir)
        document["paths"] = [str(self.cwd / path) for path in self.paths]
        document["cwd"] = str(self.cwd)
        return json.dumps(document)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what to_json wrote; raises InternalError for anything else."""
        try:
            found = cast("dict[str, object]", json.loads(text))
            options = cast("dict[str, object]", found["options"])
            only = cast("list[str]", options["only"])
            return cls(
                data_dir=Path(str(found["data_dir"])),
                paths=tuple(Path(p) for p in cast("list[str]", found["paths"])),
                options=MachineOptions(
                    only=tuple(only),
                    name=cast("str | None", options["name"]),
                    context=cast("dict[str, Json] | None", options["context"]),
                    actions_dir=cast("str | None", options["actions_dir"]),
                ),
                who=str(found["who"]),
                cwd=Path(str(found["cwd"])),
                program=tuple(cast("list[str]", found["program"])),
                is_guarded=bool(found["is_guarded"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise InternalError(
                f"_supervise was given {text[:80]!r}: {error!r}",
                hint="it is started by `smtui run`, not by hand",
            ) from error
