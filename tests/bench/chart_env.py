"""Environments of the peers of benches, and the processes that run them.

Each set of peers that can live together has an environment of its own, made
by the first run below `build/`.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

__all__ = ["Peers"]

_ROOT = Path(__file__).parents[2]


class _Process:
    """The process that runs the peers of one environment."""

    def __init__(self, home: str, packages: list[str], module: str) -> None:
        python = _environment(_ROOT / "build" / home, packages)
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [str(python), "-m", module],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        listed = subprocess.run(  # noqa: S603 - the environment's own pip
            [str(python), "-m", "pip", "list", "--format", "json"],
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(listed.stdout)
        self.versions: dict[str, str] = {
            one["name"].lower().replace("_", "-"): one["version"] for one in found
        }

    def ask(self, line: str) -> Mapping[str, float | str]:
        """Return its answer to a line."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        found: Mapping[str, float | str] = json.loads(self._process.stdout.readline())
        return found

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()


class Peers:
    """All peers, each reached in its own environment."""

    def __init__(
        self,
        environments: Mapping[str, Mapping[str, tuple[str, ...]]],
        module: str = "tests.bench.chart_peers",
    ) -> None:
        """Make what is not there; `environments`: home -> peer -> what it needs.

        `module` is what runs the peers.
        """
        self._of: dict[str, _Process] = {}
        self._processes: list[_Process] = []
        for home, peers in environments.items():
            packages = [name for peer, more in peers.items() for name in (peer, *more)]
            process = _Process(home, packages, module)
            self._processes.append(process)
            names = (peer.partition("==")[0] for peer in peers)
            self._of.update(dict.fromkeys(names, process))

    @property
    def names(self) -> list[str]:
        """Return all peers."""
        return [*self._of]

    def named(self, peer: str) -> str:
        """Return a peer with its version."""
        return f"{peer} {self._of[peer].versions[peer]}"

    def ask(self, peer: str, workload: str, count: int) -> Mapping[str, float | str]:
        """Return what one batch of a peer took, or why there is none."""
        return self._of[peer].ask(f"{peer} {workload} {count}")

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            process.close()


def _environment(home: Path, packages: list[str]) -> Path:
    """Return the Python that has the packages; make its environment if need be."""
    python = home / "bin" / "python"
    mark = home / "ready"
    if not mark.exists():
        sys.stderr.write(f"making {home} for {', '.join(packages)}\n")
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)  # noqa: S603 - as above
        subprocess.run(  # noqa: S603 - as above
            [str(python), "-m", "pip", "install", "--quiet", *packages],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        mark.write_text("\n".join(packages), "utf-8")
    return python
