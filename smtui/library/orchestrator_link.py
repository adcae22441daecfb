"""How a machine of python-statemachine comes to know its orchestrator.

A listener offers the orchestrator, by its name, to every callback of every
event; the library hands it to those that ask. Two ways lead past listeners:
callbacks that prepare an event or begin an activity get what the event itself
carries, and `enabled_events` what its caller passes; so both carry it too.

The laws of this file: a machine has one link for its life, so linking it
anew moves it, and the last orchestrator wins; whatever a caller passes under
that name, the callbacks get the orchestrator; what one event leads to among
machines that are not async has an end.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from statemachine.event_data import TriggerData

from smtui.library.orchestrator_errors import EndlessEventsError
from smtui.library.orchestrator_fields import AnyMachine

__all__ = ["Burst", "Link", "link_of"]


MOST_EVENTS = 10_000
"""One event may lead to this many among linked machines: a callback may well
send a peer thousands in a loop, and this many take a few seconds."""


@dataclass(slots=True)
class Burst:
    """The events that one event from outside leads to, in one orchestrator."""

    is_on: bool = False
    events: int = 0

    def count(self, event: object, machine: AnyMachine) -> None:
        """Count one more. Raises EndlessEventsError where there is no end."""
        self.events += self.is_on
        if self.events > MOST_EVENTS:
            raise EndlessEventsError(
                f"one event led to more than {MOST_EVENTS} others, the last "
                f"{str(event)!r} to {type(machine).__name__}",
                hint="look for callbacks that send each other's events",
            )


@dataclass(slots=True, eq=False)
class Link:
    """The way from a machine to the orchestrator that holds it now."""

    machine: AnyMachine
    name: str = ""
    """What callbacks call the orchestrator."""
    orchestrator: object = None
    """None while no orchestrator holds the machine."""
    burst: Burst = field(default_factory=Burst)
    """Shared by the machines of one orchestrator."""
    next: Callable[..., None] | None = None
    """What was put on the machine before the link, for all its events."""
    loop: Callable[..., Any] | None = None
    """The same, for dealing with what is queued."""

    def given(self) -> dict[str, object]:
        """Return what every callback is offered."""
        return {} if self.orchestrator is None else {self.name: self.orchestrator}

    def put(self, trigger_data: TriggerData, *args: Any, **options: Any) -> None:  # noqa: ANN401 - whatever the library passes, on to itself
        """Let an event carry the orchestrator, and queue it as the library does."""
        self.burst.count(trigger_data.event, self.machine)
        cast("Any", trigger_data).kwargs.update(self.given())
        if self.next is not None:
            self.next(trigger_data, *args, **options)
            return
        put = type(self.machine)._put_nonblocking  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - the one way all events go
        put(self.machine, trigger_data, *args, **options)

    def run(self, *args: Any) -> Any:  # noqa: ANN401 - whatever the library passes, on to itself
        """Let the library deal with what is queued; the outermost counts anew."""
        if self.burst.is_on:
            return self._deal(*args)
        self.burst.is_on, self.burst.events = True, 0
        try:
            return self._deal(*args)
        finally:
            self.burst.is_on = False

    def _deal(self, *args: Any) -> Any:  # noqa: ANN401 - whatever the library passes, on to itself
        if self.loop is not None:
            return self.loop(*args)
        loop = type(self.machine)._processing_loop  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - where an event's work begins
        return loop(self.machine, *args)

    def enabled_events(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - the signature is the library's
        """Return the events whose guards say yes, asked with the orchestrator."""
        offered = {**options, **self.given()}
        owner = cast("Any", type(self.machine))
        return owner.enabled_events(self.machine, *args, **offered)


class _Offer:
    """The listener: its only name is the one callback it is there for."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def __call__(self) -> Link:
        return self._link

    def prepare_event(self) -> dict[str, object]:
        """Return what the callbacks of this event are offered."""
        return self._link.given()


def link_of(machine: AnyMachine) -> Link:
    """Return the machine's link, made when it has none yet."""
    for listener in machine.active_listeners:
        if isinstance(listener, _Offer):
            return listener()
    link = Link(
        machine,
        next=vars(machine).get("_put_nonblocking"),
        loop=vars(machine).get("_processing_loop"),
    )
    cast("Any", machine).add_listener(_Offer(link))
    vars(machine).update(
        _put_nonblocking=link.put,
        _processing_loop=link.run,
        enabled_events=link.enabled_events,
    )
    return link
