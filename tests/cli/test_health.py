"""What ps and health say of machines that ask, or stay too long."""

from smtui.cli.health import Health
from smtui.cli.status import Row

NOW = 1000.0


def a_row(
    name: str, *, limit_s: float | None = None, asks: str = "", status: str = "ready"
) -> Row:
    """Return the row of a machine that is in its state for 100 s."""
    return Row(
        name=name,
        dialect="engine",
        definition="h",
        status=status,
        pid=1,
        configuration=("waiting",),
        since=NOW - 100,
        restarts=0,
        started_at=NOW - 100,
        inbox=0,
        jobs=0,
        instances=1,
        reason="exit 1" if status == "failed" else "",
        asks=asks,
        stuck_after_s=limit_s,
    )


def test_who_asks_is_named_and_well() -> None:
    health = Health.of([a_row("gate", asks="publish?"), a_row("pulse")], NOW)

    assert health.is_well
    assert health.line() == "ok: 1 asks, 1 ready; gate asks: publish?"
    assert health.document()["asks"] == ["gate"]


def test_who_stays_longer_than_its_author_allows_is_ill() -> None:
    rows = [a_row("slow", limit_s=99), a_row("patient", limit_s=101)]
    health = Health.of(rows, NOW)

    assert not health.is_well
    assert health.line() == ("ill: 1 ready, 1 stuck; slow stuck in waiting for 1m")
    assert health.document() == {
        "ok": False,
        "counts": {"ready": 2},
        "ill": ["slow"],
        "stuck": ["slow"],
        "asks": [],
    }
    assert [row.document(NOW)["stuck"] for row in rows] == [True, False]


def test_who_waits_for_a_decision_is_ill_and_who_waits_for_another_is_not() -> None:
    undecided, waiting = a_row("a", status="blocked"), a_row("b", status="blocked")
    health = Health.of([undecided, waiting._replace(pid=None)], NOW)

    assert [row.name for row in health.ill] == ["a"]


def test_a_machine_that_does_not_run_is_not_stuck() -> None:
    health = Health.of([a_row("dead", limit_s=1, status="failed")], NOW)

    assert health.line() == "ill: 1 failed; dead failed: exit 1"
    assert health.document()["stuck"] == []


def test_a_machine_of_many_instances_that_has_none_yet_says_so() -> None:
    row = a_row("orders")._replace(configuration=(), instances=0, is_many=True)

    assert row.where == "0 instances"
