"""The code blocks of a Markdown page, as a reader would follow them.

    ```yaml or ```python, first line `# NAME.ending`   is the file NAME.ending
    ```sh                                              is typed into a shell

A line that opens the screen (`smtui run PATH` and nothing more) is given
`--detach`, so that what follows it meets the fleet a reader would have.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

__all__ = ["Block", "Reader", "blocks"]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^# ([\w./-]+\.(?:yaml|py))\n")
_OPENS_THE_SCREEN = re.compile(r"^(smtui run \S+)$", re.MULTILINE)


class Block(NamedTuple):
    """One fenced block."""

    language: str
    text: str
    line: int

    @property
    def file(self) -> str | None:
        """The name of the file it is, or None."""
        found = _FILE.match(self.text)
        return found.group(1) if found else None


def blocks(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page in their order."""
    for found in _FENCE.finditer(page):
        line = page.count("\n", 0, found.start()) + 1
        yield Block(found.group(1), found.group(2), line)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who follows a page in an empty folder."""

    folder: Path

    def prepare(self) -> None:
        """Put `smtui` on the path of the shell."""
        (self.folder / "bin").mkdir()
        (self.folder / "run").mkdir()
        program = self.folder / "bin" / "smtui"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m smtui "$@"\n')
        program.chmod(0o700)

    def follow(self, block: Block) -> str:
        """Do what a block says; return what went wrong, or ''."""
        if block.file is not None:
            file = self.folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, "utf-8")
            return ""
        if block.language != "sh":
            return ""
        done = self.type(_OPENS_THE_SCREEN.sub(r"\1 --detach", block.text))
        if done.returncode == 0:
            return ""
        return f"line {block.line}: exit {done.returncode}\n{done.stdout}{done.stderr}"

    def type(self, text: str) -> subprocess.CompletedProcess[str]:
        """Let a shell run some lines, ending at the first that fails."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SMTUI_")}
        return subprocess.run(  # noqa: S603 - the pages are ours
            ["/bin/bash", "-euo", "pipefail", "-c", text],
            cwd=self.folder,
            env={
                **kept,
                "PATH": f"{self.folder / 'bin'}:{kept['PATH']}",
                "XDG_RUNTIME_DIR": str(self.folder / "run"),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
