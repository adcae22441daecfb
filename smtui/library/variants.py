"""A definition for the doors that do less than `smtui run` does with it."""

from dataclasses import replace

from smtui.definition import Checking, Strays, TreeDefinition

__all__ = ["without_asking", "without_catching", "without_waiting"]


def without_asking(definition: TreeDefinition) -> TreeDefinition:
    """Return a definition whose data no step may break, but may be incomplete.

    Only a Runner asks for all of it before an event is taken, as in PyStator.
    """
    semantics = definition.semantics
    if semantics.checking is Checking.ASKED:
        semantics = replace(semantics, checking=Checking.KEPT)
    return replace(definition, semantics=semantics)


def without_catching(definition: TreeDefinition) -> TreeDefinition:
    """Return a definition that refuses what no transition takes.

    Only a Runner goes to the fallback with it, as in PyStator.
    """
    semantics = replace(definition.semantics, strays=Strays.OFF)
    return replace(definition, semantics=semantics)


def without_waiting(definition: TreeDefinition) -> TreeDefinition:
    """Return a definition whose actions nothing waits for: they are planned."""
    semantics = replace(definition.semantics, awaits_calls=False)
    return replace(definition, semantics=semantics)
