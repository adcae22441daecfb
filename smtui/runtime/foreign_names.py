"""Whether the names of a machine's callbacks are bound, before it is made.

The laws of this file: nothing of the machine is entered, its library is stopped
as soon as it has looked the names up; an author's own `__init__` is run only where
a name is missing without it, because it may be the one that gives the model.
"""

import contextlib
import inspect
from typing import Any, cast

__all__ = ["why_unbound"]

_INVALID = "InvalidDefinition"
"""What the library raises, or a class of it, for a name that nothing binds."""


class _Looked(BaseException):
    """The library has found every name."""


def why_unbound(machine_class: Any, known_as: str, orchestrator: object) -> str:  # noqa: ANN401 - the author's
    """Return what the library says of a name it cannot find, '' for nothing.

    `known_as` is what an `__init__` may call the orchestrator. What else goes
    wrong is said when the machine is made.
    """
    own: Any = machine_class.__init__
    lineage: tuple[type, ...] = machine_class.__mro__
    base: Any = next(
        vars(each)["__init__"]
        for each in lineage
        if "__init__" in vars(each) and each.__module__.startswith("statemachine.")
    )
    why = _tried(machine_class, base, {})
    if why and own is not base:
        takes = known_as in inspect.signature(own).parameters
        return _tried(machine_class, own, {known_as: orchestrator} if takes else {})
    return why


def _tried(machine_class: Any, begin: Any, offered: dict[str, object]) -> str:  # noqa: ANN401 - the author's
    machine = machine_class.__new__(machine_class)
    cast("dict[str, Any]", vars(machine))["_get_engine"] = _stop
    with contextlib.suppress(_Looked):
        try:
            begin(machine, **offered)
        except Exception as problem:  # noqa: BLE001 - the edge to author's code
            kinds = {each.__name__ for each in type(problem).__mro__}
            return str(problem) if _INVALID in kinds else ""
    return ""


def _stop() -> None:
    raise _Looked
