"""Mission control for state machines, in your terminal; and their library.

    machine = smtui.Machine.from_yaml("order.yaml")
    order = machine.create(context={"order_id": "123"})
    order.send("confirm")

Every name is imported when it is first used (PEP 562): importing the package
costs the command `smtui` nothing, and no name of it needs the screen.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smtui.chart import compile_chart
    from smtui.definition import Json
    from smtui.library import (
        ActionExecutor,
        ActionFailedError,
        ActionNotFoundError,
        ActionRegistry,
        ActionReport,
        ActionTimeoutError,
        AnnotationIsNotAStateMachineError,
        AsyncioScheduler,
        ClassificationResult,
        ConfigurationError,
        Context,
        ContextValidator,
        DestinationCandidate,
        DestinationCheckResult,
        Durations,
        Ended,
        EndlessEventsError,
        ErrorCode,
        ExecutionReport,
        FSMError,
        GuardNotFoundError,
        GuardRegistry,
        GuardRejectedError,
        HoldingStore,
        InMemoryStateStore,
        InvalidStateError,
        InvalidTransitionError,
        InvokeAdapter,
        LoggingHook,
        Machine,
        MachineNotBegunError,
        MachineTypeError,
        MetricsCollector,
        MetricsSummary,
        NoMachinesOnOrchestratorError,
        OrchestratorError,
        Part,
        PlannedAction,
        Runner,
        Scheduler,
        Sent,
        Session,
        SQLiteStateStore,
        StaleVersionError,
        StateFieldIsNotUniqueError,
        StateStore,
        StoredEntity,
        StoreScheduler,
        TerminalStateError,
        Timer,
        TransitionHook,
        TransitionObserver,
        TransitionResult,
        UndefinedStateError,
        UndefinedTriggerError,
        UnexpectedAnnotationTypeError,
        ValidationError,
        action,
        guard,
        load,
        loads,
        run_machine,
        send,
    )
    from smtui.library.orchestrator import (
        Orchestrator as Orchestrator,
    )
    from smtui.stepper import start, step

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
    "Json",
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
    "__version__",
    "action",
    "compile_chart",
    "guard",
    "load",
    "loads",
    "run_machine",
    "send",
    "start",
    "step",
]

__version__ = "0.1.0"
"""The same as in pyproject.toml, which a test sees to: asking the installed
package for it costs half of what `smtui --version` may take."""

# `Orchestrator` is no part of `from smtui import *`: python-statemachine, which it
# needs, may not be installed
_ROOMS = {
    "Json": "smtui.definition",
    "Orchestrator": "smtui.library.orchestrator",
    "compile_chart": "smtui.chart",
    "start": "smtui.stepper",
    "step": "smtui.stepper",
}
"""Where a name is, if not in the library."""


def __getattr__(name: str) -> object:
    """Import a name when it is first used."""
    if name not in __all__ and name not in _ROOMS:
        raise AttributeError(f"module 'smtui' has no attribute {name!r}")
    found: object = getattr(import_module(_ROOMS.get(name, "smtui.library")), name)
    globals()[name] = found
    return found
