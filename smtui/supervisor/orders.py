"""What a child is told, and how orders add up. Pure.

Orders are messages in a mailbox, never calls into a running life, so that a
stop during a start during a restart has one meaning: the sum of what was
said, in order (process-compose #530 ran two copies without this).
"""

from typing import NamedTuple, TypeAlias, assert_never

from smtui.supervisor.spec import ChildSpec

__all__ = ["Change", "Order", "Restart", "Start", "Stop", "Wish", "fold"]


class Start(NamedTuple):
    """Run, now; nothing happens to a child that runs."""

    reason: str = ""
    is_operator: bool = False
    """The past is forgiven, and a run that ended begins anew."""
    is_fresh: bool = False
    """The unfinished run ends and the next begins."""


class Stop(NamedTuple):
    """Do not run."""

    reason: str = ""
    is_forced: bool = False
    """KILL at once, do not wait for anything in hand."""


class Restart(NamedTuple):
    """Stop if it runs, then run; by an operator."""

    reason: str = ""
    is_fresh: bool = False
    is_forced: bool = False


class Change(NamedTuple):
    """Be run in another way from the next start on."""

    spec: ChildSpec


Order: TypeAlias = Start | Stop | Restart | Change


class Wish(NamedTuple):
    """The sum of all orders so far."""

    spec: ChildSpec
    is_up: bool = False
    is_called: bool = False
    """A start was asked for and has not begun: rest and backoff end."""
    must_end: bool = False
    """The life there may be now has to end first."""
    is_forced: bool = False
    is_operator: bool = False
    is_fresh: bool = False
    reason: str = ""

    def begun(self) -> "Wish":
        """Return what is left to wish for when a life has begun."""
        return Wish(self.spec, is_up=True)

    def ended(self) -> "Wish":
        """Return what is left to wish for when a life has ended."""
        return self._replace(must_end=False, is_forced=False)


def fold(wish: Wish, order: Order) -> Wish:
    """Return the wish after one more order."""
    match order:
        case Start():
            return wish._replace(
                is_up=True,
                is_called=True,
                is_operator=wish.is_operator or order.is_operator,
                is_fresh=wish.is_fresh or order.is_fresh,
                reason=order.reason,
            )
        case Stop():
            return Wish(
                wish.spec,
                must_end=True,
                is_forced=wish.is_forced or order.is_forced,
                reason=order.reason,
            )
        case Restart():
            return wish._replace(
                is_up=True,
                is_called=True,
                must_end=True,
                is_forced=wish.is_forced or order.is_forced,
                is_operator=True,
                is_fresh=wish.is_fresh or order.is_fresh,
                reason=order.reason,
            )
        case Change():
            return wish._replace(spec=order.spec)
        case _:
            assert_never(order)
