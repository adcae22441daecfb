"""Cases of what an orchestrator is given: classes, machines, names."""

from typing import Any, ClassVar, Optional, cast

from smtui import (
    AnnotationIsNotAStateMachineError,
    MachineTypeError,
    NoMachinesOnOrchestratorError,
    Orchestrator,
    StateFieldIsNotUniqueError,
)
from tests.conformance.orchestrator_case import Cases, same, says
from tests.support.shop import Order, Pay

__all__ = ["CASES"]

CASES = Cases()


class E(Orchestrator):
    order: Order
    payment: Pay


class Model:
    """A model two machines might share."""

    state: object = None


ANY_E = cast("Any", E)
"""E, where what a type checker would refuse is tried."""


@CASES(1, "two machines with models of their own share nothing: no `state_field` asked")
def _one() -> None:
    made = E(order=Order(), payment=Pay())

    same(["pending"], _states(made.order))
    same(["unpaid"], _states(made.payment))
    one = cast("Any", Model())
    says(
        StateFieldIsNotUniqueError,
        "state_field 'state' is not unique for 'payment'",
        lambda: E(order=Order(model=one), payment=Pay(model=one, start_value="unpaid")),
    )


@CASES(2, "the same name on models of their own is two places")
def _two() -> None:
    made = E(order=Order(state_field="same"), payment=Pay(state_field="same"))

    same(["same", "same"], [each.state_field for each in made.machines.values()])


@CASES(3)
def _three() -> None:
    made = E(order=Order(), payment=Pay(state_field="p"))

    same({"state", "p"}, {each.state_field for each in made.machines.values()})


@CASES(4)
def _four() -> None:
    class One(Orchestrator):
        order: Order

    same(["pending"], _states(One(order=Order()).order))


@CASES(5)
def _five() -> None:
    says(
        TypeError,
        "__init__() missing 1 required positional argument: 'payment'",
        lambda: ANY_E(order=Order(state_field="o")),
    )


@CASES(6)
def _six() -> None:
    says(
        TypeError,
        "unexpected keyword argument 'z'",
        lambda: ANY_E(order=Order(), payment=Pay(), z=1),
    )


@CASES(7)
def _seven() -> None:
    made = E(Order(state_field="o"), Pay(state_field="p"))

    same(["order", "payment"], list(made.machines))
    same("orc", made.orchestrator_name)
    same({"order": Order, "payment": Pay}, made.machine_classes)


@CASES(8)
def _eight() -> None:
    says(
        NoMachinesOnOrchestratorError,
        "No machines found on N class",
        lambda: type("N", (Orchestrator,), {}),
    )


@CASES(9)
def _nine() -> None:
    says(
        AnnotationIsNotAStateMachineError,
        "Annotation 'foo' is not a subclass of StateMachine",
        lambda: type("N", (Orchestrator,), {"__annotations__": {"foo": int}}),
    )


@CASES(10)
def _ten() -> None:
    body = {"__annotations__": {"order": Order, "label": str}, "label": "x"}
    says(
        AnnotationIsNotAStateMachineError,
        "Annotation 'label'",
        lambda: type("N", (Orchestrator,), body),
    )

    class Labelled(Orchestrator):
        order: Order
        label = "x"

    same(["order"], list(Labelled(order=Order()).machines))


@CASES(11, "an order in the place of a payment is a mistake, told where it is made")
def _eleven() -> None:
    says(MachineTypeError, "'order' is Pay(", lambda: ANY_E(order=Pay(), payment=Pay()))


@CASES(12, "the error says what was expected; it still is an AttributeError")
def _twelve() -> None:
    says(
        AttributeError,
        "expected a machine of the class Order",
        lambda: ANY_E(order=object(), payment=Pay()),
    )


@CASES(28, "inherited machines are linked, and the name is inherited with them")
def _twenty_eight() -> None:
    class Base(Orchestrator, orchestrator_name="coordinator"):
        order: Order

    class Sub(Base):
        payment: Pay

    made = Sub(order=Order(), payment=Pay())

    same({"order": Order, "payment": Pay}, made.machine_classes)
    same("coordinator", made.orchestrator_name)


class Later(Orchestrator):
    order: "Order"
    payment: "Optional[Pay]"  # noqa: UP045 - both spellings are in use
    other: "Order | None" = None


@CASES(29, "texts and Optional are looked up; 'int' is refused as int is")
def _twenty_nine() -> None:
    same(
        {"order": Order, "payment": Pay, "other": Order},
        Later(order=Order(), payment=None).machine_classes,
    )
    same(["order"], list(Later(order=Order(), payment=None).machines))
    says(
        AnnotationIsNotAStateMachineError,
        "Annotation 'foo' is not a subclass of StateMachine",
        lambda: type("N", (Orchestrator,), {"__annotations__": {"foo": "int"}}),
    )
    unknown = cast(
        "Any", type("N", (Orchestrator,), {"__annotations__": {"a": "Nobody"}})
    )
    same(["pending"], _states(unknown(a=Order()).a))


@CASES(30, "a ClassVar is no machine, so it is left alone")
def _thirty() -> None:
    class Counted(Orchestrator):
        K: ClassVar[int] = 3
        order: Order

    same(["order"], list(Counted(order=Order()).machines))


@CASES(32)
def _thirty_two() -> None:
    says(
        AnnotationIsNotAStateMachineError,
        "Annotation 'inner' is not a subclass of StateMachine",
        lambda: type("N", (Orchestrator,), {"__annotations__": {"inner": E}}),
    )


@CASES(34)
def _thirty_four() -> None:
    one, other = E(Order(), Pay()), E(Order(), Pay())

    same(False, one == other)
    same(None, E.__hash__)


@CASES(36, "the text is that of python-statemachine 3")
def _thirty_six() -> None:
    shown = repr(E(order=Order(state_field="o"), payment=Pay()))

    start = "E(order=Order(model=Model(state=None), state_field='o', configuration="
    same(True, shown.replace("_given.", "").startswith(start))
    same(True, ", payment=Pay(" in shown)


def _states(machine: Order | Pay) -> list[str]:
    return [state.id for state in machine.configuration]
