"""A child as its viewers see it. Pure."""

from collections.abc import Iterator

from smtui.clock import Clock
from smtui.supervisor.child import Child
from smtui.supervisor.spec import ChildSpec, MachineSpec
from smtui.wire import ChildState, Frame, MachineView

__all__ = ["rows_of"]


def rows_of(child: Child, clock: Clock) -> Iterator[MachineView]:
    """Yield a row for each machine of a child, or one for a plain command."""
    for machine in child.spec.machines or (MachineSpec(child.name),):
        yield _row(child, machine, clock)


def _row(child: Child, machine: MachineSpec, clock: Clock) -> MachineView:
    spec = child.spec
    process = child.process
    usage = child.usage
    frame = child.frames.get(machine.name)
    return MachineView(
        name=machine.name,
        child=child.name,
        dialect=machine.dialect,
        definition=machine.hash,
        file=machine.file,
        state=child.state,
        kind=spec.kind,
        pid=process.pid if process else None,
        state_since=child.state_since,
        started_at=child.started_at,
        restarts=child.restarts,
        failures=len(child.ledger.exits),
        intensity=spec.policy.intensity.count,
        retry_at=_retry_at(child, clock),
        reason=child.reason,
        desired="up" if child.is_wanted else "down",
        template=spec.template,
        replica_of=spec.replica_of,
        begun_by=_begun_by(spec),
        cpu_s=usage.cpu_s if usage else 0.0,
        rss_bytes=usage.rss_bytes if usage else 0,
        frame=frame,
        jobs=len(frame.held) if frame else 0,
        asks=_asks(machine, frame) if child.state is ChildState.READY else "",
        stuck_after_s=_limit_s(machine, frame),
    )


def _begun_by(spec: ChildSpec) -> str:
    if not spec.invocation:
        return f"started by {spec.started_by}" if spec.started_by else ""
    return f"invoked by {spec.started_by} as {spec.invoke_id}"


def _asks(machine: MachineSpec, frame: Frame | None) -> str:
    if frame is None or frame.status != "running":
        return ""
    if frame.asking:
        many = "" if frame.asking == 1 else "s"
        asked = machine.asks.get(frame.asking_in, "")
        return f"{frame.asking:,} instance{many}: {asked}"
    return next((machine.asks[s] for s in frame.configuration if s in machine.asks), "")


def _limit_s(machine: MachineSpec, frame: Frame | None) -> float | None:
    """Return after how many seconds in the present state it is stuck."""
    limits = machine.stuck_after_s
    states = frame.configuration if frame else ()
    said = [limits.get(state, limits.get("")) for state in states]
    return min((limit for limit in said if limit is not None), default=None)


def _retry_at(child: Child, clock: Clock) -> float | None:
    """Return the wall time of the next try; the child keeps boot time."""
    if child.state is not ChildState.BACKOFF or child.retry_at is None:
        return None
    return clock.now() + child.retry_at - clock.elapsed()
