"""What `--detach` waits for."""

from dataclasses import replace

import pytest

from smtui.cli.starting import _is_settled
from smtui.wire import ChildState
from tests.support.view_fleet import machine


@pytest.mark.parametrize(
    ("state", "reason", "pid", "is_settled"),
    [
        (ChildState.READY, "", 7, True),
        (ChildState.DONE, "", None, True),
        (ChildState.FAILED, "gave up", None, True),
        (ChildState.STARTING, "", 7, False),
        (ChildState.BACKOFF, "exit 1", None, False),
        (ChildState.STOPPED, "", None, False),
        (ChildState.STOPPED, "ended before its definition did", None, True),
        (ChildState.BLOCKED, "waits for b", None, False),
        (ChildState.BLOCKED, "no state 'b' any more", 7, True),
    ],
)
def test_a_machine_is_waited_for_while_it_can_still_come_up(
    state: ChildState, reason: str, pid: int | None, *, is_settled: bool
) -> None:
    view = replace(machine("m"), state=state, reason=reason, pid=pid)

    assert is_settled is _is_settled(view)
