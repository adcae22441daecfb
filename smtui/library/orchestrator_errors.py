"""What can be wrong with an orchestrator, named as its users know it.

    OrchestratorError                    catch all of them
    ├── NoMachinesOnOrchestratorError    a class that links nothing
    ├── AnnotationIsNotAStateMachineError    a field that is no machine
    │   └── UnexpectedAnnotationTypeError    a field that is no class at all
    ├── StateFieldIsNotUniqueError       two machines, one attribute of one model
    ├── MachineTypeError                 a value of another class than declared
    ├── MachineNotBegunError             machines that need each other to begin
    └── EndlessEventsError               machines that answer each other for ever

The first four carry the names they have in statemachines-orchestrator.
"""

from smtui.errors import DefinitionError

__all__ = [
    "AnnotationIsNotAStateMachineError",
    "EndlessEventsError",
    "MachineNotBegunError",
    "MachineTypeError",
    "NoMachinesOnOrchestratorError",
    "OrchestratorError",
    "StateFieldIsNotUniqueError",
    "UnexpectedAnnotationTypeError",
]


class OrchestratorError(DefinitionError):
    """An orchestrator that cannot link what it was given."""


class NoMachinesOnOrchestratorError(OrchestratorError):
    """A subclass of Orchestrator names no machine, itself or by inheritance."""


class AnnotationIsNotAStateMachineError(OrchestratorError):
    """A field of an orchestrator is annotated with no class of machines."""


class UnexpectedAnnotationTypeError(AnnotationIsNotAStateMachineError):
    """An annotation is no class, no `X | None` of a class and no name of one."""


class StateFieldIsNotUniqueError(OrchestratorError):
    """Two machines keep their state in the same attribute of the same model."""


class MachineTypeError(OrchestratorError, TypeError, AttributeError):
    """A value is no machine, or one of another class than its field declares.

    It is an AttributeError too, because what had no `state_field` was one.
    """


class EndlessEventsError(OrchestratorError):
    """One event made its machines send each other events without an end."""


class MachineNotBegunError(OrchestratorError):
    """Two machines need each other while both are still being made."""
