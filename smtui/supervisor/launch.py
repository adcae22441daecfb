"""The command and the environment of a child's process."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from smtui.supervisor import envfile
from smtui.supervisor.args import SupervisorArgs
from smtui.supervisor.procs import CHILD_MARK
from smtui.supervisor.spec import ChildSpec, Kind
from smtui.supervisor.world import Launch
from smtui.wire.birth import Birth

__all__ = ["launch"]

_READ_AT_START = ("GLIBC_", "LANG", "LC_", "LD_", "MALLOC_", "PYTHON", "TZ")
"""Read by Python and the C library when a process begins, and never again."""


def launch(args: SupervisorArgs, spec: ChildSpec, epoch: int) -> Launch:
    """Return how to start a child's process.

    Stronger last: our own environment, env_file, env, what we say. The file is
    read anew at each start (pm2 #3742: a restart did not). Raises
    SupervisorError when it cannot be.
    """
    env = dict(os.environ)
    if spec.env_file is not None:
        env.update(envfile.read(Path(spec.env_file)))
    env.update(spec.env)
    env["SMTUI_PYTHON"] = sys.executable
    env["SMTUI_DATA"] = str(args.data_dir)
    env["SMTUI_MACHINE"] = spec.names[0]
    env[CHILD_MARK] = spec.name
    if spec.kind is Kind.PROCESS:
        return Launch(spec.command, _folder(spec.cwd, args), env)
    command = (
        *args.program,
        "_machine",
        "--data",
        str(args.data_dir),
        "--child",
        spec.name,
        "--epoch",
        str(epoch),
    )
    # the process enters its machine's folder itself: this is the place from
    # which the operator wrote relative paths
    cwd = _existing(args.cwd, args.data_dir)
    birth = None
    if _read_at_start(env) == _read_at_start(os.environ):
        birth = Birth(spec.name, epoch, str(cwd), env)
    return Launch(command, cwd, env, birth)


def _read_at_start(env: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that only a new process minds, not a forked one."""
    return {key: env[key] for key in env if key.startswith(_READ_AT_START)}


def _folder(cwd: str | None, args: SupervisorArgs) -> Path:
    """Return where a plain command runs: beside its smtui.yaml."""
    if cwd is not None:
        return Path(cwd)
    for path in args.paths:
        folder = path if path.is_dir() else path.parent
        return _existing(folder, args.data_dir)
    return _existing(args.cwd, args.data_dir)


def _existing(folder: Path, otherwise: Path) -> Path:
    return folder if folder.is_dir() else otherwise
