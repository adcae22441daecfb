"""The machines a name means: itself, or all replicas of it."""

from argparse import Namespace
from typing import TYPE_CHECKING

from smtui.errors import UsageError, nearest

if TYPE_CHECKING:
    from smtui.store.reader import Reader

__all__ = ["machine_names", "members", "split_instance", "unknown_machine"]


async def members(reader: "Reader", name: str) -> list[str]:
    """Return the machines meant; raises UsageError for an unknown name."""
    names = [machine.name for machine in await reader.machines()]
    base = name.removesuffix("#*")
    found = [each for each in names if each == name or each.partition("#")[0] == base]
    if not found:
        raise unknown_machine(name, await machine_names(reader))
    return found


def split_instance(found: Namespace) -> None:
    """Read NAME/ID as NAME and --instance ID; raises UsageError for two ids."""
    name, slash, instance = found.name.partition("/")
    if slash and found.instance is not None:
        raise UsageError(
            f"{found.name!r} and --instance {found.instance!r} say an instance each",
            hint=f"one of them: {name} --instance ID",
        )
    if slash:
        found.name, found.instance = name, instance


async def machine_names(reader: "Reader") -> list[str]:
    """Return every name a machine can be called by: replicas by both."""
    names = [machine.name for machine in await reader.machines()]
    bases = {name.partition("#")[0] for name in names if "#" in name}
    return [*names, *sorted(bases - set(names))]


def unknown_machine(name: str, known: list[str]) -> UsageError:
    """Return the error for a name nobody has."""
    listed = f"known: {', '.join(known)}" if known else "no machine is known here yet"
    return UsageError(f"no machine {name!r}", hint=nearest(name, known) or listed)
