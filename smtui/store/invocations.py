"""Machines that statecharts invoke: asked for, stopped and answered for by rows.

The laws of this file:

- what a step asks for is done in its own transaction: the row of who invoked
  whom, and what is wanted of the child; the supervisor makes it run
- a name lives once. What runs already under it, or was stopped half-way, is
  nobody's to take: its invoker gets `error.communication`
- leaving the state stops the child. Its run is over when its process is: jobs
  are given back, and a later invocation begins a new run
- one that is invoked again before its last process is gone is fenced first,
  so that nothing of the old run is taken for the new one
- a child that fails for good, or that an operator stops, is told to its
  invoker once and stays invoked: started again it goes on, and answers
"""

from smtui.chart import encode_message
from smtui.chart.messages import Message, MessageKind
from smtui.chart.values import CancelChild, ChildEntry, StartChild
from smtui.errors import StoreError, nearest
from smtui.store import (
    children,
    epochs,
    inbox,
    machines,
    payloads,
    reading,
    starting,
)
from smtui.store.connection import Tx
from smtui.store.rows import (
    SOLE_INSTANCE,
    ChildRow,
    Desired,
    Invocation,
    InvocationStatus,
)
from smtui.store.statements import Statements
from smtui.store.values import Claimant

__all__ = [
    "active",
    "began_anew",
    "carry_out",
    "end_run",
    "ended",
    "of_machine",
    "origin_of",
    "saw",
    "tell_invoker",
    "token_of",
    "wanted",
]

_RESTING = frozenset({"stopped", "done", "failed"})
"""Words of smtui.wire.ChildState: no process is left."""

_SQL = Statements("invocations.sql")


def token_of(machine: str, instance: str) -> str:
    """Return what tells one invocation from any other, of any machine."""
    return f"{machine}/{instance}"


def origin_of(invocation: Invocation) -> str:
    """Return what its invoker knows it by, of all it ever invoked (SCXML 5.10.1)."""
    return f"#_scxml_{invocation.token.partition('/')[2]}"


def of_machine(tx: Tx, machine: str) -> Invocation | None:
    """Return how a machine was invoked last, or None."""
    row = tx.one(_SQL["of_machine"], {"machine": machine})
    return None if row is None else reading.invocation(row)


def active(tx: Tx, token: str) -> Invocation | None:
    """Return an invocation that was not left and has not ended, or None."""
    row = tx.one(_SQL["by_token"], {"token": token})
    return None if row is None else reading.invocation(row)


# ----------------------------------------------------------- what a step asks


def carry_out(tx: Tx, who: Claimant, effect: StartChild | CancelChild) -> None:
    """Begin or end what a step invokes or leaves."""
    if isinstance(effect, CancelChild):
        row = active(tx, token_of(who.machine, effect.instance))
        if row is not None:
            _cancel(tx, row, f"{who.machine} has left {row.invoke_id}")
        return
    try:
        with tx.attempt():
            _begin(tx, who, effect.entry)
    except StoreError as problem:
        entry, place = effect.entry, (who.machine, who.instance)
        origin = f"#_scxml_{entry.instance}"
        _tell(tx, place, (entry.invoke_id, origin), problem.message)


def _begin(tx: Tx, who: Claimant, entry: ChildEntry) -> None:
    """Ask for the machine. Raises StoreError when it cannot be had."""
    name, file = _meaning(tx, who, entry)
    token = token_of(who.machine, entry.instance)
    before = of_machine(tx, name)
    if before is not None and before.token == token:
        return
    kept = children.find(tx, name)
    if kept is not None:
        _refuse_living(tx, kept, before)
    if _has_run(tx, name):
        _forget_run(tx, name, f"{who.machine} invoked {name} anew")
    starting.ask_for(
        tx,
        who.machine,
        starting.Wanted(name, file, entry.data, (), {}),
        f"invoked by {who.machine}",
        {"invocation": token, "invoke_id": entry.invoke_id},
    )
    tx.run(
        _SQL["put"],
        {
            "machine": name,
            "token": token,
            "parent": who.machine,
            "parent_instance": who.instance,
            "invoke_id": entry.invoke_id,
            "src": reading.plain(entry.src),
            "data_json": payloads.encode(dict(entry.data), f"data of {name!r}"),
            "status": InvocationStatus.ACTIVE,
            "now": tx.now,
        },
    )


def _meaning(tx: Tx, who: Claimant, entry: ChildEntry) -> tuple[str, str]:
    """Return the name and the file of the machine an invoke means.

    A machine of the fleet is itself; of a template, of a machine with replicas
    or of a file a new one is made, named after its invoker.
    """
    src = entry.src
    place = [who.machine] if who.instance == SOLE_INSTANCE else [*who[:2]]
    own = ".".join([*place, entry.invoke_id])
    own = "".join("-" if each in starting.FORBIDDEN else each for each in own)
    if src.startswith("/"):
        return own, src
    found = machines.find(tx, src)
    if found is not None and not found.template:
        return src, found.file
    if found is None and src:
        found = machines.find(tx, machines.resolve(tx, src)[0])
    if found is None:
        hint = nearest(src, machines.names(tx))
        raise StoreError(f"no machine {src!r} in this fleet {hint}".strip())
    return own, found.file


def _refuse_living(tx: Tx, kept: ChildRow, before: Invocation | None) -> None:
    """Raise StoreError unless the name is free to begin anew."""
    name = kept.name
    if kept.spec.get("kind") == "process":
        raise StoreError(f"{name!r} is a command, not a machine")
    if before is not None and before.status is InvocationStatus.ACTIVE:
        raise StoreError(f"machine {name!r} is invoked by {before.parent!r} already")
    if starting.is_over(tx, name):
        return
    if kept.desired is Desired.UP:
        raise StoreError(f"machine {name!r} runs already: {kept.reason}")
    was_left = before is not None and before.status is InvocationStatus.CANCELLED
    if not was_left and _has_run(tx, name):
        raise StoreError(f"machine {name!r} was stopped half-way: {kept.reason}")


def _has_run(tx: Tx, machine: str) -> bool:
    row = tx.one(_SQL["has_run"], {"machine": machine})
    return row is not None and bool(row["found"])


def _cancel(tx: Tx, row: Invocation, why: str) -> None:
    """Stop a machine that was invoked, and what it has invoked itself."""
    _set(tx, row, InvocationStatus.CANCELLED)
    kept = children.find(tx, row.machine)
    if kept is None:
        return
    if kept.desired is Desired.UP:
        children.set_desired(tx, row.machine, Desired.DOWN, why, row.parent)
        tx.wake_supervisor = True
    _cancel_all(tx, row.machine, why)
    if kept.state in _RESTING:
        _forget_run(tx, row.machine, why)


def _cancel_all(tx: Tx, parent: str, why: str) -> None:
    rows = tx.every(_SQL["of_parent"], {"parent": parent})
    for row in map(reading.invocation, rows):
        _cancel(tx, row, why)


def _forget_run(tx: Tx, machine: str, why: str) -> None:
    """End what a machine did before; whoever still does it commits no more."""
    tx.run(_SQL["fence"], {"machine": machine})
    epochs.end_run(tx, machine)
    inbox.clear(tx, machine, None, why)


def _set(tx: Tx, row: Invocation, status: InvocationStatus) -> None:
    tx.run(_SQL["set_status"], {"machine": row.machine, "status": status})


# ------------------------------------------------------ what becomes of a child


def ended(tx: Tx, machine: str) -> None:
    """Note that a machine's run has come to its end."""
    row = of_machine(tx, machine)
    if row is not None and row.status is InvocationStatus.ACTIVE:
        _set(tx, row, InvocationStatus.OVER)


def end_run(tx: Tx, machine: str) -> None:
    """End a machine's runs, and with them all it has invoked."""
    epochs.end_run(tx, machine)
    _cancel_all(tx, machine, f"the run of {machine} was ended")


def saw(tx: Tx, child: str, state: str, reason: str, *, is_lost: bool) -> None:
    """Draw the consequences of what the supervisor sees of a child now.

    `is_lost` is one that nobody has stopped and that does not run any more.
    """
    row = of_machine(tx, child) if state in _RESTING else None
    if row is None:
        return
    if row.status is InvocationStatus.CANCELLED:
        _forget_run(tx, row.machine, f"{row.parent} has left {row.invoke_id}")
    elif row.status is InvocationStatus.ACTIVE and (is_lost or state == "failed"):
        before = children.find(tx, child)
        if before is not None and before.state != state:
            tell_invoker(tx, row, f"machine {row.machine!r} {state}: {reason}")


def began_anew(tx: Tx) -> None:
    """End the runs of what was left while no supervisor lived to stop it."""
    for row in map(reading.invocation, tx.every(_SQL["cancelled"])):
        _forget_run(tx, row.machine, f"{row.parent} has left {row.invoke_id}")


def wanted(tx: Tx, child: str, desired: Desired, reason: str) -> None:
    """Draw the consequences of what an operator begins to want of a child."""
    row = of_machine(tx, child)
    if row is None:
        return
    if desired is Desired.UP:
        if row.status is InvocationStatus.CANCELLED:
            tx.run(_SQL["forget"], {"machine": row.machine})
        return
    before = children.find(tx, child)
    is_stop = before is not None and before.desired is Desired.UP
    if is_stop and row.status is InvocationStatus.ACTIVE:
        tell_invoker(tx, row, f"machine {row.machine!r} was stopped: {reason}")


def tell_invoker(tx: Tx, row: Invocation, why: str) -> None:
    """Give who invoked a machine the event that says what is wrong with it."""
    place = (row.parent, row.parent_instance)
    _tell(tx, place, (row.invoke_id, origin_of(row)), why)


def _tell(tx: Tx, place: tuple[str, str], invoked: tuple[str, str], why: str) -> None:
    """Put the event into the inbox of an instance that has invoked (id, origin)."""
    (machine, instance), (invoke_id, origin) = place, invoked
    message = Message(
        "error.communication",
        why,
        origin=origin,
        invoke_id=invoke_id,
        kind=MessageKind.PLATFORM,
    )
    new = inbox.New(
        machine,
        message.name,
        message.data,
        machine,
        instance=instance,
        message=encode_message(message),
    )
    inbox.accept(tx, new)
    tx.bells.add(machine)
