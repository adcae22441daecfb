"""press: prints the front page of every edition, as long as its tray has paper.

Shows: classes of python-statemachine that know each other. One class names them
(`Shop`, below); a callback with a parameter `orc` is given all of them, and so
`press` asks its `tray` for a sheet. Each is a machine of its own on the screen;
both are in one process. A guard, a callback that raises, an event with a delay
that a crash does not lose, and what is kept: the fields of a machine's model.

It needs python-statemachine: pip install '.[python-statemachine]'

Try:   approve the librarian's report three times, and look at the tray
       smtui send tray fill --wait      the press prints what it waited with
       smtui send press edition --dry-run
More:  smtui help orchestrator
"""

import gzip
import os
from dataclasses import dataclass
from pathlib import Path

from statemachine import State, StateMachine

from smtui import Orchestrator

HOME = Path(os.environ.get("SMTUI_DATA", ".smtui")) / "census"

LINES = 12
"""Of a report, on its front page."""

DRY_MS = 4000


@dataclass
class Work:
    """What the press keeps: the fields of a model outlive a crash."""

    state: str | None = None
    file: str = ""
    printed: int = 0


class Press(StateMachine):
    """Prints one edition after the other."""

    idle = State(initial=True)
    printing = State()
    waiting = State("Waiting for paper")

    # The first that may be taken is: with paper, without, and nothing else.
    edition = idle.to(printing, cond="has_paper") | idle.to(waiting)
    paper = waiting.to(printing, cond="has_paper")
    dry = printing.to(idle)

    def __init__(self) -> None:
        """Begin without work; a machine that goes on gets back what it had."""
        super().__init__(model=Work())

    def has_paper(self, orc: "Shop") -> bool:
        """Say whether there is a sheet. A guard may run at any time: it only looks."""
        return not orc.tray.empty.is_active

    def before_edition(self, model: Work, file: str = "") -> None:
        """Take what the event brings."""
        if not file:
            raise ValueError("an edition is printed from a file: --payload")
        model.file = file

    def on_enter_printing(self, model: Work, orc: "Shop") -> None:
        """Print: this may happen twice if the process dies, so it may be repeated."""
        report = gzip.decompress(Path(model.file).read_bytes()).decode()
        page = report.splitlines()[:LINES]
        HOME.mkdir(parents=True, exist_ok=True)
        (HOME / "front_page.txt").write_text("\n".join(page) + "\n")
        model.printed += 1
        print(f"printed {Path(model.file).name}, edition {model.printed}")
        orc.tray.take()  # the peer moves now, before this line is over
        self.send("dry", delay=DRY_MS)  # to itself, later: a timer of the fleet


class Tray(StateMachine):
    """Holds two sheets."""

    full = State(initial=True)
    low = State()
    empty = State()

    take = full.to(low) | low.to(empty)
    fill = low.to(full) | empty.to(full)

    def after_fill(self, orc: "Shop") -> None:
        """Tell the press, if it waits."""
        if orc.press.waiting.is_active:
            orc.press.paper()


class Shop(Orchestrator):
    """What is linked: each field is a machine, by the name of the field."""

    press: Press
    tray: Tray
