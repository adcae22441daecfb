"""Cases of events among linked machines: who is told, in which order."""

import asyncio
from typing import Any, cast

from statemachine import State, StateMachine
from statemachine.exceptions import TransitionNotAllowed

from smtui import Orchestrator
from tests.conformance.orchestrator_case import Cases, same, says
from tests.support.shop import Order

__all__ = ["CASES"]

CASES = Cases()


class Goes(StateMachine):
    """A machine that keeps what its callback was given."""

    a = State(initial=True)
    b = State(final=True)
    go = a.to(b)
    seen: object = "nothing"

    def after_go(self, orc: object = None) -> None:
        self.seen = orc


class O(Orchestrator):  # noqa: E742 - the case calls it so
    g: Goes


@CASES(13)
def _thirteen() -> None:
    made = O(g=Goes())
    made.g.go()

    same(True, made.g.seen is made)


@CASES(14)
def _fourteen() -> None:
    made = O(g=Goes())
    made.g.send("go")

    same(True, made.g.seen is made)


@CASES(15)
def _fifteen() -> None:
    class Named(StateMachine):
        a = State(initial=True)
        b = State(final=True)
        go = a.to(b)
        seen: tuple[object, object] = (1, 1)

        def after_go(self, coordinator: object = None, orc: object = None) -> None:
            self.seen = coordinator, orc

    class Custom(Orchestrator, orchestrator_name="coordinator"):
        g: Named

    made = Custom(g=Named())
    made.g.go()

    same((True, None), (made.g.seen[0] is made, made.g.seen[1]))


@CASES(16)
def _sixteen() -> None:
    class Asks(StateMachine):
        a = State(initial=True)
        b = State(final=True)
        go = a.to(b)

        def after_go(self, orc: object) -> None:
            raise AssertionError(orc)

    says(TypeError, "missing 1 required positional argument: 'orc'", Asks().go)


class Begins(StateMachine):
    """A machine whose initial state asks."""

    a = State(initial=True)
    b = State(final=True)
    go = a.to(b)

    def on_enter_a(self, orc: object = None) -> None:
        self.began_with = orc

    def on_enter_b(self, orc: object = None) -> None:
        self.ended_with = orc


@CASES(17, "`begin` makes the machines, so that the initial state is told as well")
def _seventeen() -> None:
    class Both(Orchestrator):
        g: Begins

    given = Both(g=Begins())
    given.g.go()
    made = Both.begin()

    same((None, True), (given.g.began_with, given.g.ended_with is given))
    same(True, made.g.began_with is made)


@CASES(18)
def _eighteen() -> None:
    class Waits(StateMachine):
        x = State(initial=True)
        y = State(final=True)
        go = x.to(y, cond="peer_ready")

        def peer_ready(self, orc: "Pair") -> bool:
            return orc.b.s.is_active

    class Readies(StateMachine):
        r = State(initial=True)
        s = State(final=True)
        ready = r.to(s)

    class Pair(Orchestrator):
        a: Waits
        b: Readies

    made = Pair(a=Waits(), b=Readies())
    says(TransitionNotAllowed, "when in X.", made.a.go)
    made.b.ready()
    made.a.go()

    same(True, made.a.y.is_active)


@CASES(19)
def _nineteen() -> None:
    told: list[str] = []

    class A(StateMachine):
        idle = State(initial=True)
        wait = State()
        serve = idle.to(wait)
        ret = wait.to(idle)

        def before_serve(self) -> None:
            told.append("A.before_serve")

        def on_serve(self, orc: "Court") -> None:
            told.append(f"A.on_serve({_state(self)})")
            orc.b.hit()
            told.append(f"A.on_serve end (b={_state(orc.b)})")

        def after_serve(self) -> None:
            told.append(f"A.after_serve({_state(self)})")

        def on_ret(self) -> None:
            told.append("A.on_ret")

    class B(StateMachine):
        r = State(initial=True)
        s = State(final=True)
        hit = r.to(s)

        def on_hit(self, orc: "Court") -> None:
            told.append(f"B.on_hit(a={_state(orc.a)})")
            orc.a.ret()
            told.append("B.on_hit end")

    class Court(Orchestrator):
        a: A
        b: B

    made = Court(a=A(), b=B())
    made.a.serve()

    same(
        "A.before_serve, A.on_serve(idle), B.on_hit(a=idle), B.on_hit end, "
        "A.on_serve end (b=s), A.after_serve(wait), A.on_ret",
        ", ".join(told),
    )
    same(("idle", "s"), (_state(made.a), _state(made.b)))


@CASES(20)
def _twenty() -> None:
    class A(StateMachine):
        x = State(initial=True)
        y = State(final=True)
        go = x.to(y)

        def on_go(self, orc: "Pair") -> None:
            orc.b.hit()

    class B(StateMachine):
        r = State(initial=True)
        s = State(final=True)
        hit = r.to(s)

        def on_hit(self) -> None:
            raise ValueError("peer")

    class Pair(Orchestrator):
        a: A
        b: B

    made = Pair(a=A(), b=B())
    says(ValueError, "peer", made.a.go)

    same(("x", "r"), (_state(made.a), _state(made.b)))


@CASES(21)
def _twenty_one() -> None:
    class A(StateMachine):
        x = State(initial=True)
        y = State(final=True)
        go = x.to(y)

        def after_go(self, orc: "Pair") -> None:
            orc.b.nope()

    class B(StateMachine):
        r = State(initial=True)
        s = State()
        t = State(final=True)
        first = r.to(s)
        nope = s.to(t)

    class Pair(Orchestrator):
        a: A
        b: B

    made = Pair(a=A(), b=B())
    says(TransitionNotAllowed, "when in R.", made.a.go)

    same("y", _state(made.a))


@CASES(22)
def _twenty_two() -> None:
    class Gives(StateMachine):
        a = State(initial=True)
        b = State(final=True)
        process = a.to(b)

        def on_process(self) -> str:
            return "v"

    class One(Orchestrator):
        order: Gives

    same("v", One(order=Gives()).order.process())


@CASES(23, "python-statemachine 3 adds new_configuration and previous_configuration")
def _twenty_three() -> None:
    seen: dict[str, object] = {}

    class All(StateMachine):
        a = State(initial=True)
        b = State(final=True)
        process = a.to(b)

        def on_process(self, **kw: object) -> None:
            seen.update(kw)

    class One(Orchestrator):
        order: All

    One(order=All()).order.process(x=1)

    wanted = "event event_data machine model orc source state target transition x"
    new = {"new_configuration", "previous_configuration"}
    same(set(wanted.split()), seen.keys() - new)


@CASES(24)
def _twenty_four() -> None:
    one, other = O(g=Goes()), O(g=Goes())
    one.g.go(orc="mine")
    other.g.send("go", orc="mine")

    same((True, True), (one.g.seen is one, other.g.seen is other))


class Listens:
    """A listener, or a model, that keeps what it was given."""

    state: object = None
    seen: object = None

    def on_enter_processing(self, orc: object = None) -> None:
        self.seen = orc


@CASES(25)
def _twenty_five() -> None:
    class One(Orchestrator):
        order: Order

    before, after, model = Listens(), Listens(), Listens()
    made = One(order=Order(model=cast("Any", model), listeners=[before]))
    cast("Any", made.order).add_listener(after)
    made.order.process()

    same([made] * 3, [before.seen, after.seen, model.seen])


@CASES(26, "a replaced machine is linked, and the one before is let go")
def _twenty_six() -> None:
    made = O(g=Goes())
    before, now = made.g, Goes()
    made.g = now
    now.go()
    before.go()

    same((True, None), (now.seen is made, before.seen))
    same(True, made.machines["g"] is now)


@CASES(27)
def _twenty_seven() -> None:
    machine = Goes()
    O(g=machine)
    last = O(g=machine)
    machine.go()

    same(True, machine.seen is last)


@CASES(31, "machines are linked as they are assigned, not by `__post_init__`")
def _thirty_one() -> None:
    class Silent(Orchestrator):
        g: Goes

        def __post_init__(self) -> None:
            """Call nothing."""

    made = Silent(g=Goes())
    made.g.go()

    same(True, made.g.seen is made)


@CASES(33)
def _thirty_three() -> None:
    class Slow(StateMachine):
        x = State(initial=True)
        y = State(final=True)
        go = x.to(y)
        seen: object = None

        async def on_go(self, orc: object) -> None:
            self.seen = orc

    class One(Orchestrator):
        a: Slow

    async def run() -> One:
        made = One(a=Slow())
        await made.a.activate_initial_state()
        await made.a.go()
        return made

    made = asyncio.run(run())

    same((True, "y"), (made.a.seen is made, _state(made.a)))


@CASES(35)
def _thirty_five() -> None:
    class Odd(StateMachine):
        a = State(initial=True)
        b = State(final=True)
        go = a.to(b)
        seen: object = None

        def after_go(self, **kw: object) -> None:
            self.seen = kw["not valid"]

    class One(Orchestrator, orchestrator_name="not valid"):
        g: Odd

    made = One(g=Odd())
    made.g.go()

    same(True, made.g.seen is made)


def _state(machine: StateMachine) -> str:
    return "+".join(state.id for state in machine.configuration)
