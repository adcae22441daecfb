"""What machine processes report on events.sock, given to their children."""

from smtui.clock import Clock
from smtui.supervisor.child import Child
from smtui.supervisor.fleet import Fleet
from smtui.supervisor.talks import EventsTalk
from smtui.wire import Ask, Frame, Hello

__all__ = ["Reports"]


class Reports:
    """The listener of all EventsTalks."""

    def __init__(self, fleet: Fleet, clock: Clock) -> None:
        self._fleet = fleet
        self._clock = clock
        self._talks: dict[str, EventsTalk] = {}

    def hello(self, talk: EventsTalk, message: Hello) -> bool:
        """Return whether this is the present process of a child."""
        child = self._fleet.children.get(message.child)
        if child is None or child.process is None:
            return False
        # the epoch alone would do; the pid says it in the case of a mistake
        if (message.epoch, message.pid) != (child.epoch, child.process.pid):
            return False
        self._talks[message.child] = talk
        child.answered_at = self._clock.elapsed()
        return True

    def ready(self, talk: EventsTalk) -> None:
        """Note that the machines of a child run."""
        child = self._child_of(talk)
        if child is not None:
            child.said_ready()

    def frame(self, talk: EventsTalk, frame: Frame) -> None:
        """Note what a machine does now."""
        child = self._child_of(talk)
        if child is not None:
            child.said(frame)

    def bye(self, talk: EventsTalk) -> None:
        """Forget a process that hung up."""
        if talk.hello and self._talks.get(talk.hello.child) is talk:
            del self._talks[talk.hello.child]

    def wake_all(self) -> None:
        """Ring every process through its stream: its doorbell may be gone."""
        for talk in self._talks.values():
            talk.send(Ask(0, "wake"))

    def wake(self, child: str) -> None:
        """Ring one child's process through its stream, likewise."""
        if child in self._talks:
            self._talks[child].send(Ask(0, "wake"))

    def _child_of(self, talk: EventsTalk) -> Child | None:
        """Return the child that speaks, None when it is a dead one's echo."""
        if talk.hello is None:
            return None
        child = self._fleet.children.get(talk.hello.child)
        if child is None or child.epoch != talk.hello.epoch:
            return None
        return child
