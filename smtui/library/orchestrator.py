"""Machines of python-statemachine that know each other.

    class Shop(Orchestrator):
        order: OrderMachine
        payment: PaymentMachine

    shop = Shop(order=OrderMachine(), payment=PaymentMachine())

Every callback of a linked machine (guard, validator, action, of the machine,
its model or a listener) that has a parameter `orc` is given the orchestrator.
A machine's own engine moves it: events to a peer are dealt with at once,
inside the callback that sends them; events back to a machine that is in the
middle of one wait until that is over.

`Shop.begin()` makes the machines itself, so that the callbacks of their
initial states are given the orchestrator too; one that needs a peer to begin
finds it begun.
"""

import dataclasses
import inspect
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias, dataclass_transform

try:
    from statemachine import StateChart
except ModuleNotFoundError as error:
    raise ImportError(
        "an Orchestrator links machines of python-statemachine, which is not here: "
        "pip install 'smtui[python-statemachine]'"
    ) from error

from smtui.library.orchestrator_errors import (
    AnnotationIsNotAStateMachineError,
    MachineNotBegunError,
    MachineTypeError,
    NoMachinesOnOrchestratorError,
    StateFieldIsNotUniqueError,
)
from smtui.library.orchestrator_fields import (
    AnyMachine,
    MachineField,
    is_machine,
    machine_fields,
)
from smtui.library.orchestrator_link import Burst, link_of

__all__ = ["Orchestrator"]

Make: TypeAlias = Callable[[str, type[AnyMachine], Mapping[str, Any], str], AnyMachine]
"""Makes a machine: its field, its class, what its constructor is offered, and
what its callbacks call the orchestrator."""

_OWN = frozenset(
    {
        "begin",
        "begin_with",
        "declared_classes",
        "machine_classes",
        "machines",
        "orchestrator_name",
    }
)


@dataclass_transform()
class Orchestrator:
    """A typed set of machines, handed to the callbacks of each of them.

    A subclass names its machines as a dataclass names fields; machines and
    name are inherited. Callbacks know it as `orc`, or by the class keyword
    `orchestrator_name`. Assigning another machine to a field links that and
    lets the old one go.

    Raises, when the class is made, NoMachinesOnOrchestratorError and
    AnnotationIsNotAStateMachineError; when a machine is given, MachineTypeError
    and StateFieldIsNotUniqueError (two machines on one attribute of one model).
    """

    _fields: ClassVar[dict[str, MachineField]] = {}
    _name: ClassVar[str] = "orc"

    def __init_subclass__(cls, *, orchestrator_name: str | None = None) -> None:
        super().__init_subclass__()
        local = sys._getframe(1).f_locals  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - names of a function
        own = machine_fields(cls, inspect.get_annotations(cls), local)
        inherited: dict[str, MachineField] = {}
        for base in reversed(cls.__mro__[1:]):
            inherited |= vars(base).get("_fields", {})
        cls._fields = inherited | own
        if orchestrator_name is not None:
            cls._name = orchestrator_name
        if not cls._fields:
            raise NoMachinesOnOrchestratorError(
                f"No machines found on {cls.__name__} class",
                hint="annotate one: `order: OrderMachine`",
            )
        for name in sorted(_OWN & own.keys()):
            raise AnnotationIsNotAStateMachineError(
                f"Annotation {name!r} is a name every orchestrator has already",
                hint="call the machine something else",
            )
        dataclasses.dataclass(cls)

    @classmethod
    def begin(cls, **machines: Any) -> Self:  # noqa: ANN401 - each is checked against its field
        """Return an orchestrator that has made the machines not given.

        Machines that may be None and are not given are left out. Raises
        MachineNotBegunError when two need each other to begin, TypeError for
        names the class does not have, and whatever a machine's own beginning
        raises.
        """
        for name in machines.keys() - cls._fields.keys():
            raise TypeError(
                f"{cls.__name__}.begin() got an unexpected keyword argument {name!r}"
            )
        return cls.begin_with(_make, machines)

    @classmethod
    def begin_with(cls, make: Make, machines: Mapping[str, AnyMachine]) -> Self:
        """Return an orchestrator whose machines `make` makes, as `begin` does."""
        self = cls.__new__(cls)
        vars(self).update(_making=[], _make_one=make)
        for name, machine in machines.items():
            setattr(self, name, machine)
        for name, field in cls._fields.items():
            if name not in vars(self):
                self._make(field)
        del vars(self)["_making"], vars(self)["_make_one"]
        return self

    @property
    def orchestrator_name(self) -> str:
        """What callbacks call it."""
        return self._name

    @property
    def machines(self) -> dict[str, AnyMachine]:
        """The machines by name, in the order of the class."""
        found = {name: getattr(self, name) for name in self._fields}
        return {name: each for name, each in found.items() if each is not None}

    @property
    def machine_classes(self) -> dict[str, type[AnyMachine]]:
        """The declared classes by name."""
        return self.declared_classes()

    @classmethod
    def declared_classes(cls) -> dict[str, type[AnyMachine]]:
        """Return the classes by name; StateChart for a name that leads nowhere."""
        fields = (field.resolved(cls) for field in cls._fields.values())
        return {each.name: each.machine_class or StateChart for each in fields}

    if not TYPE_CHECKING:  # else every name would be one

        def __getattr__(self, name: str) -> AnyMachine:
            """Make a machine that a peer needs before its own turn."""
            field = self._fields.get(name)
            if field is None or "_making" not in vars(self):
                raise AttributeError(
                    f"{type(self).__name__!r} object has no attribute {name!r}"
                )
            self._make(field)
            return vars(self)[name]

    def __setattr__(self, name: str, value: object) -> None:
        """Link a machine to this orchestrator and let go the one before."""
        field = self._fields.get(name)
        if field is None:
            object.__setattr__(self, name, value)
            return
        before: object = vars(self).get(name)
        self._check(field.resolved(type(self)), value)
        object.__setattr__(self, name, value)
        if is_machine(before) and before is not value:
            link = link_of(before)
            if link.orchestrator is self and before not in vars(self).values():
                link.orchestrator = None
        if is_machine(value):
            link = link_of(value)
            link.name, link.orchestrator = self._name, self
            link.burst = vars(self).setdefault("_burst", Burst())

    def _make(self, field: MachineField) -> None:
        """Make one machine, its beginning already linked."""
        making: list[str] = vars(self)["_making"]
        field = field.resolved(type(self))
        if field.may_be_none:
            setattr(self, field.name, None)
            return
        if field.machine_class is None or field.name in making:
            raise MachineNotBegunError(_why_not(field, making))
        making.append(field.name)
        offered: dict[str, Any] = (
            {self._name: self} if _takes(field.machine_class, self._name) else {}
        )
        make: Make = vars(self)["_make_one"]
        machine = make(field.name, field.machine_class, offered, self._name)
        setattr(self, field.name, machine)
        making.remove(field.name)

    def _check(self, field: MachineField, value: object) -> None:
        wanted = field.machine_class or StateChart
        if value is None and field.may_be_none:
            return
        if not is_machine(value) or not isinstance(value, wanted):
            raise MachineTypeError(
                f"{field.name!r} is {value!r}, expected a machine of the class "
                f"{wanted.__name__}"
            )
        for name in self._fields.keys() - {field.name}:
            other: object = vars(self).get(name)
            if is_machine(other):
                _check_apart(field.name, value, other)


def _make(
    name: str,
    machine_class: type[AnyMachine],
    offered: Mapping[str, Any],
    known_as: str,
) -> AnyMachine:
    del name, known_as
    return machine_class(**offered)


def _check_apart(name: str, machine: AnyMachine, other: AnyMachine) -> None:
    is_one_place = (
        machine is not other
        and machine.model is other.model
        and machine.state_field == other.state_field
    )
    if is_one_place:
        raise StateFieldIsNotUniqueError(
            f"state_field {machine.state_field!r} is not unique for {name!r}",
            hint="two machines on one model need different `state_field`s",
        )


def _why_not(field: MachineField, making: list[str]) -> str:
    if field.machine_class is None:
        return f"the class of {field.name!r}, {field.declared!r}, is not known"
    chain = " -> ".join([*making[making.index(field.name) :], field.name])
    return f"machines need each other to begin: {chain}"


def _takes(machine_class: type[AnyMachine], name: str) -> bool:
    """Say whether a class can be made with a keyword of that name."""
    parameters = inspect.signature(machine_class.__init__).parameters
    return name in parameters or any(
        each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()
    )
