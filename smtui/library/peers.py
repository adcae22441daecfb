"""Other machines that guards look at, where no fleet runs: given by the caller.

    heater = machine.create(peers={"door": door})          # another session
    heater = machine.create(peers={"door": lambda: "open"})

A peer is anything with a `configuration`, or a function that returns the active
states, called with the instance that is asked for if it takes one. Nobody is
told when a peer moves: a session looks when it deals with an event.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeAlias, runtime_checkable

from smtui.chart.messages import Answer, Question, QuestionKind
from smtui.chart.questions import answer_by
from smtui.definition import Peer
from smtui.library.errors import ConfigurationError
from smtui.library.turns import Judge, Outside, Reply, Request

__all__ = ["Looking", "Peers", "Placed", "Whereabouts"]


@runtime_checkable
class Placed(Protocol):
    """Whatever is in states: a Session, a linked machine."""

    @property
    def configuration(self) -> Iterable[str]:
        """Return all active states."""
        ...


Whereabouts: TypeAlias = Placed | Callable[..., Any]
"""A peer: something in states, or a function that returns the active ones
(one name, several, or None for a machine that has not begun)."""


class Peers:
    """The other machines one machine knows, by its own names for them."""

    def __init__(
        self,
        declared: Iterable[Peer] = (),
        given: Mapping[str, Whereabouts] | None = None,
    ) -> None:
        """Names are those of `peers:` in the definition, or the machines' own."""
        self._names = {peer.machine: peer.name for peer in declared}
        self._given: dict[str, Whereabouts] = dict(given or {})

    def bind(self, given: Mapping[str, Whereabouts]) -> None:
        """Know these, too."""
        self._given |= given

    def knows(self, question: Question) -> bool:
        """Say whether the machine that is asked for is given here."""
        return self._found(question) is not None

    def answer(self, question: Question) -> Answer:
        """Return where the machine is. Raises ConfigurationError for one not given."""
        said = self._asked(question)
        if inspect.isawaitable(said):
            if inspect.iscoroutine(said):
                said.close()
            raise ConfigurationError(
                f"the peer {question.name!r} is given by an async function",
                hint="use the async door: asend, async_process_event",
            )
        return answer_by(question, _states(said))

    async def answer_async(self, question: Question) -> Answer:
        """Return where the machine is, awaiting it where it is async."""
        said = self._asked(question)
        if inspect.isawaitable(said):
            said = await said
        return answer_by(question, _states(said))

    def _found(self, question: Question) -> Whereabouts | None:
        own = self._names.get(question.name, question.name)
        return self._given.get(own) or self._given.get(question.name)

    def _asked(self, question: Question) -> Any:  # noqa: ANN401 - what a caller's function gives
        found = self._found(question)
        if found is None:
            name = self._names.get(question.name, question.name)
            known = ", ".join(self._given) or "none"
            raise ConfigurationError(
                f"nobody here knows where the peer {name!r} is, known: {known}",
                hint=f"give it: peers={{{name!r}: SESSION}}, or run a fleet: smtui run",
                name=name,
            )
        if isinstance(found, Placed):
            return found.configuration
        instance = str(question.params.get("instance") or "")
        takes_one = bool(inspect.signature(found).parameters)
        return found(instance) if takes_one else found()


def _states(said: Any) -> tuple[str, ...] | None:  # noqa: ANN401 - what a caller's function gives
    if said is None:
        return None
    if isinstance(said, str):
        return (said,)
    # states of a linked class are objects with an id
    return tuple(str(getattr(state, "id", state)) for state in said)


class Looking:
    """An Outside whose questions about other machines go to peers of its own."""

    def __init__(self, inner: Outside, peers: Peers) -> None:
        self._inner = inner
        self._peers = peers

    def do(self, request: Request) -> Reply:
        """Do it now. Raises FSMError where it must be awaited."""
        if isinstance(request, Judge) and self._is_ours(request.question):
            return self._peers.answer(request.question)
        return self._inner.do(request)

    async def ado(self, request: Request) -> Reply:
        """Do it."""
        if isinstance(request, Judge) and self._is_ours(request.question):
            return await self._peers.answer_async(request.question)
        return await self._inner.ado(request)

    def _is_ours(self, question: Question) -> bool:
        return question.kind is QuestionKind.PEER and self._peers.knows(question)
