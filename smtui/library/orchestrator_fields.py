"""What the annotations of an orchestrator class say of its machines.

Annotations may be classes, `X | None`, or text of either. A name that is not
known while the class is made, because its class comes later, is looked up
again when the first machine is linked; until then its field takes any machine.
"""

import sys
import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeGuard, Union, get_args, get_origin, get_type_hints

from statemachine import StateChart

from smtui.library.orchestrator_errors import (
    AnnotationIsNotAStateMachineError,
    UnexpectedAnnotationTypeError,
)

__all__ = ["AnyMachine", "MachineField", "is_machine", "machine_fields"]

AnyMachine = StateChart[Any]


@dataclass(frozen=True, slots=True)
class MachineField:
    """One machine of an orchestrator, as its class declares it."""

    name: str
    declared: object
    """The annotation as written."""
    machine_class: type[AnyMachine] | None
    """None while its name leads nowhere."""
    may_be_none: bool = False

    def resolved(self, owner: type) -> "MachineField":
        """Return the field with its class, if that is known by now."""
        if self.machine_class is not None:
            return self
        return _field(self.name, self.declared, owner, {}) or self


def machine_fields(
    owner: type, declared: Mapping[str, object], local: Mapping[str, Any]
) -> dict[str, MachineField]:
    """Return the machines `owner` itself declares, in the order of its text.

    `local` are the names known where the class is written. Raises
    AnnotationIsNotAStateMachineError for a field that is something else;
    a ClassVar is none of ours.
    """
    fields = (_field(name, each, owner, local) for name, each in declared.items())
    return {field.name: field for field in fields if field is not None}


def _field(
    name: str, declared: object, owner: type, local: Mapping[str, Any]
) -> MachineField | None:
    try:
        found = _looked_up(name, declared, owner, local)
    except NameError:
        return MachineField(name, declared, None)
    if found is ClassVar or get_origin(found) is ClassVar:
        return None
    wanted, may_be_none = _without_none(found)
    if not isinstance(wanted, type):
        raise UnexpectedAnnotationTypeError(
            f"Annotation {name!r} is {declared!r}, not a class",
            hint="annotate it with a subclass of StateMachine or StateChart",
        )
    if not _is_machine_class(wanted):
        raise AnnotationIsNotAStateMachineError(
            f"Annotation {name!r} is not a subclass of StateMachine",
            hint="leave out the annotation of what is not a machine",
        )
    return MachineField(name, declared, wanted, may_be_none)


def is_machine(value: object) -> TypeGuard[AnyMachine]:
    """Say whether a value is a machine of python-statemachine."""
    return isinstance(value, StateChart)


def _is_machine_class(value: type) -> TypeGuard[type[AnyMachine]]:
    return issubclass(value, StateChart)


def _looked_up(
    name: str, declared: object, owner: type, local: Mapping[str, Any]
) -> object:
    """Return what an annotation stands for. Raises NameError for unknown names."""
    module = sys.modules.get(owner.__module__)
    holder = types.SimpleNamespace(__annotations__={name: declared})
    known = {} if module is None else vars(module)
    if declared is ClassVar or get_origin(declared) is ClassVar:
        return declared
    if isinstance(declared, str) and "ClassVar" in declared.partition("[")[0]:
        return ClassVar
    return get_type_hints(holder, known, {**known, **local})[name]


def _without_none(found: object) -> tuple[object, bool]:
    if get_origin(found) not in {Union, types.UnionType}:
        return found, False
    left = [each for each in get_args(found) if each is not type(None)]
    return (left[0] if len(left) == 1 else found), len(left) < len(get_args(found))
