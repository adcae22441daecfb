"""What a turn asks for while nothing is done: only guards are answered."""

from smtui.library.calling import answer, answer_async
from smtui.library.registry import GuardRegistry
from smtui.library.turns import Judge, Keep, Perform, Reply, Request, Rest, Validate

__all__ = ["Planning"]


class Planning:
    """Asks guards, and does no action: they are only planned."""

    def __init__(self, guards: GuardRegistry) -> None:
        self._guards = guards

    def do(self, request: Request) -> Reply:
        """Answer a guard; nothing else is done."""
        match request:
            case Judge(question):
                return answer(self._guards, question)
            case Perform() | Keep() | Validate() | Rest():
                return None

    async def ado(self, request: Request) -> Reply:
        """Answer a guard, awaiting it where it is async."""
        if isinstance(request, Judge):
            return await answer_async(self._guards, request.question)
        return self.do(request)
