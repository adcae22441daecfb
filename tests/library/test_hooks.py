"""Hooks and metrics: told of every event at every door."""

import logging
from collections.abc import Mapping

import pytest

from smtui.definition import Json
from smtui.library import (
    InMemoryStateStore,
    LoggingHook,
    MetricsCollector,
    Runner,
    TransitionObserver,
    TransitionResult,
)
from tests.support.orders import order


class Noted:
    """A hook that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def on_before_process(
        self, state: str, trigger: str, context: Mapping[str, Json]
    ) -> None:
        self.told.append(("before", state, trigger, *context))

    def on_transition_start(self, result: TransitionResult) -> None:
        self.told.append(("start", str(result.target_state)))

    def on_transition_complete(
        self, result: TransitionResult, duration_ms: float
    ) -> None:
        assert duration_ms >= 0
        self.told.append(("complete", str(result.target_state)))

    def on_transition_error(
        self, state: str, trigger: str, error: BaseException
    ) -> None:
        self.told.append(("error", state, trigger, type(error).__name__))


def test_an_observer_hears_a_machine_it_was_never_given() -> None:
    observer, metrics = TransitionObserver(), MetricsCollector()
    observer.add_hook(metrics)

    order().process("PENDING", "ack", {})

    assert 1 == metrics.get_summary()["total_transitions"]


def test_an_observer_may_hear_some_machines_only_and_be_closed() -> None:
    hook = Noted()
    deaf, heard = TransitionObserver("other"), TransitionObserver("order")
    for observer in (deaf, heard):
        observer.add_hook(hook)
    order().process("PENDING", "ack")
    once = len(hook.told)
    heard.close()
    order().process("PENDING", "ack")

    assert 3 == once == len(hook.told)


def test_hooks_are_told_in_order_and_of_what_raises() -> None:
    hook, machine = Noted(), order()
    machine.actions.replace("log", lambda ctx: ctx["missing"])
    runner = Runner(machine, InMemoryStateStore(), hooks=[hook])

    runner.process_event("1", "ack", {"a": 1})
    runner.process_event("1", "ack")

    assert [
        ("before", "PENDING", "ack", "a"),
        ("start", "OPEN"),
        ("error", "PENDING", "ack", "ActionFailedError"),
        ("complete", "OPEN"),
        ("before", "OPEN", "ack", "a", "opened"),
        ("complete", "None"),
    ] == hook.told


def test_a_start_is_told_before_any_action_is_done() -> None:
    hook, machine = Noted(), order()
    machine.actions.replace("log", lambda ctx: hook.told.append(("log", *ctx)))
    runner = Runner(machine, InMemoryStateStore(), hooks=[hook])
    observer = TransitionObserver()

    runner.process_event("1", "ack")
    observer.add_hook(hook)
    machine.create(execute_actions=True).send("ack")

    words = [told[0] for told in hook.told]
    assert words == ["before", "start", "log", "complete"] * 2


def test_every_door_tells() -> None:
    hook, machine = Noted(), order()
    observer = TransitionObserver()
    observer.add_hook(hook)

    machine.create().send("ack")
    Runner(machine, InMemoryStateStore()).process_event("1", "ack")

    assert ["before", "start", "complete"] * 2 == [told[0] for told in hook.told]


def test_a_hook_that_raises_is_logged_and_changes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(Noted):
        def on_transition_start(self, result: TransitionResult) -> None:
            raise ValueError(str(result.success))

    broken, noted = Broken(), Noted()
    observer = TransitionObserver()
    observer.add_hook(broken)
    observer.add_hook(noted)

    result = order().process("PENDING", "ack")

    assert result.success
    assert 3 == len(noted.told)
    assert "failed" in caplog.text


def test_a_hook_can_be_taken_away() -> None:
    observer, hook = TransitionObserver(), Noted()
    observer.add_hook(hook)
    observer.remove_hook(hook)
    observer.remove_hook(hook)

    order().process("PENDING", "ack")

    assert [] == hook.told


def test_the_logging_hook_writes_a_line_an_event(
    caplog: pytest.LogCaptureFixture,
) -> None:
    observer = TransitionObserver()
    observer.add_hook(LoggingHook(level=logging.WARNING))

    order().process("PENDING", "ack")
    order().process("PENDING", "nope")

    assert "ack: PENDING -> OPEN" in caplog.text
    assert "nope" in caplog.text


def test_the_summary_has_counts_rates_and_percentiles() -> None:
    metrics = MetricsCollector()
    taken = TransitionResult(True, "a", "b", "go")
    refused = TransitionResult(False, "b", None, "go")
    for duration in range(1, 101):
        metrics.on_transition_complete(taken if duration < 76 else refused, duration)
    metrics.on_transition_error("a", "go", ValueError())

    summary = metrics.get_summary()

    assert {
        "total_transitions": 100,
        "successful": 75,
        "failed": 25,
        "errors": 1,
        "success_rate": 0.75,
        "by_trigger": {"go": 100},
        "by_source_state": {"a": 75, "b": 25},
        "by_target_state": {"b": 75},
        "duration": {
            "min_ms": 1,
            "max_ms": 100,
            "avg_ms": 50.5,
            "p50_ms": 50,
            "p95_ms": 95,
            "p99_ms": 99,
        },
    } == summary


def test_a_collector_keeps_so_many_durations_and_begins_anew() -> None:
    metrics = MetricsCollector(kept=2)
    for duration in (9.0, 1.0, 2.0):
        metrics.on_transition_complete(TransitionResult(True, "a", "b", "go"), duration)
    kept = metrics.get_summary()
    metrics.reset()

    assert kept["duration"]["max_ms"] == 2
    assert 3 == kept["total_transitions"]
    assert 0 == metrics.get_summary()["total_transitions"]
    assert 0.0 == metrics.get_summary()["success_rate"]
