"""How a machine of python-statemachine comes to know its orchestrator.

A listener offers the orchestrator, by its name, to every callback of every
event; the library hands it to those that ask. Two ways lead past listeners:
callbacks that prepare an event or begin an activity get what the event itself
carries, and `enabled_events` what its caller passes; so both carry it too.

The laws of this file: a machine has one link for its life, so linking it
anew moves it, and the last orchestrator wins; whatever a caller passes under
that name, the callbacks get the orchestrator.
"""

from dataclasses import dataclass
from typing import Any, cast

from statemachine.event_data import TriggerData

from smtui.library.orchestrator_fields import AnyMachine

__all__ = ["Link", "link_of"]


@dataclass(slots=True, eq=False)
class Link:
    """The way from a machine to the orchestrator that holds it now."""

    machine: AnyMachine
    name: str = ""
    """What callbacks call the orchestrator."""
    orchestrator: object = None
    """None while no orchestrator holds the machine."""

    def given(self) -> dict[str, object]:
        """Return what every callback is offered."""
        return {} if self.orchestrator is None else {self.name: self.orchestrator}

    def put(self, trigger_data: TriggerData, *args: Any, **options: Any) -> None:  # noqa: ANN401 - whatever the library passes, on to itself
        """Let an event carry the orchestrator, and queue it as the library does."""
        cast("Any", trigger_data).kwargs.update(self.given())
        put = type(self.machine)._put_nonblocking  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - the one way all events go
        put(self.machine, trigger_data, *args, **options)

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
    link = Link(machine)
    cast("Any", machine).add_listener(_Offer(link))
    vars(machine).update(_put_nonblocking=link.put, enabled_events=link.enabled_events)
    return link
