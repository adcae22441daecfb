"""Scenarios in a folder: short words for tests of them."""

from pathlib import Path

from smtui.definition import Problem
from smtui.testing import Difference, Subject, open_subject, play, read_scenarios

__all__ = ["DOOR", "differences", "problems", "subject"]

DOOR = """\
initial_state: closed
events:
  push: {context_map: {who: payload.who}}
transitions:
  - {from: closed, to: open, event: push}
  - {from: open, to: closed, event: timeout(600)}
  - {from: open, to: broken, event: error}
  - {from: "*", to: stopped, event: stop}
actions:
  open:
    - {type: bash, command: "echo {who|default:nobody}", success: said, store_as: line}
    - type: send_event
      target_machine: bell
      event_type: ring
      payload: {who: "{who}"}
"""


def subject(folder: Path, text: str = DOOR, name: str = "door.yaml") -> Subject:
    """Return the machine of a text."""
    file = folder / name
    file.write_text(text, "utf-8")
    opened = open_subject(file)
    assert isinstance(opened, Subject), opened
    return opened


def problems(text: str) -> list[str]:
    """Return the problems of a scenario file as `line:column code`."""
    return [_short(one) for one in read_scenarios(text, "x.test.yaml").problems]


def _short(problem: Problem) -> str:
    return f"{problem.at.line}:{problem.at.column} {problem.code}"


def differences(machine: Subject, text: str) -> list[Difference]:
    """Play the steps and stubs of a text; return what differed."""
    read = read_scenarios(f"definition: x.yaml\n{text}", "x.test.yaml")
    assert not read.problems, read.problems
    return [d for one in read.scenarios for d in play(machine, one).differences]
