"""The library: machines in programs of your own, without a process of theirs.

    errors, registry, results -> states, calling -> turns -> bound
    -> performing, saving -> session -> machine
                          -> announcing -> entity -> runner

A thin shell over the pure core: it loads, calls the author's functions, keeps
what a step gives, and decides nothing. `import smtui` shows all of it. Names
are imported when they are first used (PEP 562): an author's file that marks its
functions with `guard` and `action` brings nothing else along.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smtui.library.classifying import ClassificationResult
    from smtui.library.destinations import (
        DestinationCandidate,
        DestinationCheckResult,
    )
    from smtui.library.errors import (
        ActionFailedError,
        ActionNotFoundError,
        ActionTimeoutError,
        ConfigurationError,
        ErrorCode,
        FSMError,
        GuardNotFoundError,
        GuardRejectedError,
        InvalidStateError,
        InvalidTransitionError,
        StaleVersionError,
        TerminalStateError,
        UndefinedStateError,
        UndefinedTriggerError,
        ValidationError,
    )
    from smtui.library.executor import ActionExecutor, ActionReport, ExecutionReport
    from smtui.library.fleet import Ended, Sent, run_machine, send
    from smtui.library.hooks import LoggingHook, TransitionHook, TransitionObserver
    from smtui.library.host import InvokeAdapter
    from smtui.library.loading import load, loads
    from smtui.library.machine import Machine
    from smtui.library.metrics import Durations, MetricsCollector, MetricsSummary
    from smtui.library.orchestrator_errors import (
        AnnotationIsNotAStateMachineError,
        EndlessEventsError,
        MachineNotBegunError,
        MachineTypeError,
        NoMachinesOnOrchestratorError,
        OrchestratorError,
        StateFieldIsNotUniqueError,
        UnexpectedAnnotationTypeError,
    )
    from smtui.library.registry import (
        ActionRegistry,
        Context,
        GuardRegistry,
        action,
        guard,
    )
    from smtui.library.results import Part, PlannedAction, TransitionResult
    from smtui.library.runner import Runner
    from smtui.library.schedulers import (
        AsyncioScheduler,
        Scheduler,
        StoreScheduler,
        Timer,
    )
    from smtui.library.session import Session
    from smtui.library.stores import (
        HoldingStore,
        InMemoryStateStore,
        SQLiteStateStore,
        StateStore,
        StoredEntity,
    )
    from smtui.library.validation import ContextValidator

__all__ = [
    "ActionExecutor",
    "ActionFailedError",
    "ActionNotFoundError",
    "ActionRegistry",
    "ActionReport",
    "ActionTimeoutError",
    "AnnotationIsNotAStateMachineError",
    "AsyncioScheduler",
    "ClassificationResult",
    "ConfigurationError",
    "Context",
    "ContextValidator",
    "DestinationCandidate",
    "DestinationCheckResult",
    "Durations",
    "Ended",
    "EndlessEventsError",
    "ErrorCode",
    "ExecutionReport",
    "FSMError",
    "GuardNotFoundError",
    "GuardRegistry",
    "GuardRejectedError",
    "HoldingStore",
    "InMemoryStateStore",
    "InvalidStateError",
    "InvalidTransitionError",
    "InvokeAdapter",
    "LoggingHook",
    "Machine",
    "MachineNotBegunError",
    "MachineTypeError",
    "MetricsCollector",
    "MetricsSummary",
    "NoMachinesOnOrchestratorError",
    "OrchestratorError",
    "Part",
    "PlannedAction",
    "Runner",
    "SQLiteStateStore",
    "Scheduler",
    "Sent",
    "Session",
    "StaleVersionError",
    "StateFieldIsNotUniqueError",
    "StateStore",
    "StoreScheduler",
    "StoredEntity",
    "TerminalStateError",
    "Timer",
    "TransitionHook",
    "TransitionObserver",
    "TransitionResult",
    "UndefinedStateError",
    "UndefinedTriggerError",
    "UnexpectedAnnotationTypeError",
    "ValidationError",
    "action",
    "guard",
    "load",
    "loads",
    "run_machine",
    "send",
]

_NAMES = {
    "classifying": ("ClassificationResult",),
    "destinations": (
        "DestinationCandidate",
        "DestinationCheckResult",
    ),
    "errors": (
        "ActionFailedError",
        "ActionNotFoundError",
        "ActionTimeoutError",
        "ConfigurationError",
        "ErrorCode",
        "FSMError",
        "GuardNotFoundError",
        "GuardRejectedError",
        "InvalidStateError",
        "InvalidTransitionError",
        "StaleVersionError",
        "TerminalStateError",
        "UndefinedStateError",
        "UndefinedTriggerError",
        "ValidationError",
    ),
    "executor": (
        "ActionExecutor",
        "ActionReport",
        "ExecutionReport",
    ),
    "fleet": (
        "Ended",
        "Sent",
        "run_machine",
        "send",
    ),
    "hooks": (
        "LoggingHook",
        "TransitionHook",
        "TransitionObserver",
    ),
    "host": ("InvokeAdapter",),
    "loading": (
        "load",
        "loads",
    ),
    "machine": ("Machine",),
    "metrics": ("Durations", "MetricsCollector", "MetricsSummary"),
    "orchestrator_errors": (
        "AnnotationIsNotAStateMachineError",
        "EndlessEventsError",
        "MachineNotBegunError",
        "MachineTypeError",
        "NoMachinesOnOrchestratorError",
        "OrchestratorError",
        "StateFieldIsNotUniqueError",
        "UnexpectedAnnotationTypeError",
    ),
    "registry": (
        "ActionRegistry",
        "Context",
        "GuardRegistry",
        "action",
        "guard",
    ),
    "results": (
        "Part",
        "PlannedAction",
        "TransitionResult",
    ),
    "runner": ("Runner",),
    "schedulers": (
        "AsyncioScheduler",
        "Scheduler",
        "StoreScheduler",
        "Timer",
    ),
    "session": ("Session",),
    "stores": (
        "HoldingStore",
        "InMemoryStateStore",
        "SQLiteStateStore",
        "StateStore",
        "StoredEntity",
    ),
    "validation": ("ContextValidator",),
}
"""Module -> the names it has for everybody."""

_MODULES = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a name when it is first used."""
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module 'smtui.library' has no attribute {name!r}")
    found: object = getattr(import_module(f"smtui.library.{module}"), name)
    globals()[name] = found
    return found
