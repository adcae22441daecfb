"""The steps of PyStator's cases, played on our library in virtual time.

Each step gives plain values in the form of the record: a result as a mapping,
`{"raises": ERROR}` for what was raised.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar, cast

from smtui.definition import Json
from smtui.dialects.pystator import delay_ms
from smtui.errors import SmtuiError, UsageError
from smtui.library import (
    ActionExecutor,
    InMemoryStateStore,
    Machine,
    MetricsCollector,
    Runner,
    Session,
    StoredEntity,
    TransitionObserver,
    TransitionResult,
)
from smtui.testing import ManualClock
from tests.conformance.pystator_given import Timers, bind, validator
from tests.conformance.pystator_told import (
    brief,
    summary,
    told,
    told_error,
    transitions,
)

__all__ = ["Player"]

Step = Mapping[str, Any]
_T = TypeVar("_T")


class Player:
    """One case under way: its machine, and the entity and store it works on."""

    def __init__(self, case: Mapping[str, Any]) -> None:
        self._case = case
        self._clock = ManualClock()
        self._calls: list[list[Any]] = []
        self._timers = Timers(self._clock)
        self._known_machine: Machine | None = None
        self._known_session: Session | None = None
        self._known_runner: Runner | None = None
        self._state = ""
        self._config = ""
        self._saved: Mapping[str, Any] = {}

    def play(self, step: Step) -> Any:  # noqa: ANN401 - JSON
        """Play one step; what it raises is what it gives."""
        self._calls.clear()
        try:
            return getattr(self, f"op_{step['op']}")(step)
        except (SmtuiError, ValueError) as error:
            return {"raises": told_error(error)}

    # ---------------------------------------------------------- what is there

    @property
    def _machine(self) -> Machine:
        if self._known_machine is None:
            self._known_machine = Machine.from_dict(
                self._case["fsm"], clock=self._clock
            )
            if self._case.get("bind", True):
                unbound = self._case.get("unregistered_actions", ())
                bind(self._known_machine, self._calls, unbound)
        return self._known_machine

    @property
    def _runner(self) -> Runner:
        if self._known_runner is None:
            key = self._case.get("context_validator")
            self._known_runner = Runner(
                self._machine,
                InMemoryStateStore(),
                scheduler=self._timers,
                use_initial_state_when_missing=self._case.get(
                    "use_initial_state_when_missing", True
                ),
                context_validator=validator(key) if key else None,
            )
        return self._known_runner

    @property
    def _session(self) -> Session:
        if self._known_session is None:
            raise UsageError("no session was begun")
        return self._known_session

    # ---------------------------------------------------------------- loading

    def op_load(self, _: Step) -> object:
        return summary(self._machine)

    def op_yaml_text(self, step: Step) -> object:
        given = step.get("kw", {})
        return summary(Machine.loads(step["text"], variables=given.get("variables")))

    def op_transitions(self, _: Step) -> object:
        return transitions(self._machine.definition)

    def op_delay(self, step: Step) -> object:
        return delay_ms(step["value"])

    def op_parse_config(self, step: Step) -> object:
        try:
            session = self._machine.create(initial_state=step["text"])
        except SmtuiError:
            return {"is_wrong": True}
        return {"is_wrong": False, "config": session.current_state}

    # ------------------------------------------------------------- stateless

    def op_process(self, step: Step) -> object:
        result = self._machine.process(*self._asked(step))
        return self._processed(step, result)

    def op_aprocess(self, step: Step) -> object:
        result = run(self._machine.aprocess(*self._asked(step)))
        return self._processed(step, result)

    def _asked(self, step: Step) -> tuple[str, str, dict[str, Any]]:
        state = step.get("state") or self._state or self._machine.get_initial_state()
        return state, step["trigger"], _mapping(step, "ctx")

    def _processed(self, step: Step, result: TransitionResult) -> object:
        self._state = result.target_state or self._state
        if "execute" not in step:
            return told(result)
        executor = ActionExecutor(self._machine.actions, **step.get("exec_kw", {}))
        context = _mapping(step, "ctx")
        match step["execute"]:
            case "sync":
                report = executor.execute(result, context)
            case "async":
                report = run(executor.async_execute(result, context))
            case "parallel":
                report = run(executor.async_execute_parallel(result, context))
            case _:
                report = run(executor.async_execute_phased(result, context))
        return {
            **told(result),
            "executed": [[one.name, one.status] for one in report.results],
            "calls": [*self._calls],
            "context_after": context,
            "all_succeeded": report.all_succeeded,
        }

    def op_validate_context(self, step: Step) -> object:
        return [*self._machine.validate_context(_mapping(step, "ctx"))]

    def op_evaluate_destination(self, step: Step) -> object:
        found = self._machine.evaluate_destination(
            step["state"], step["dest"], _mapping(step, "ctx")
        )
        return {
            "allowed": found.allowed,
            "candidates": [
                [one.trigger, one.executable, one.reason] for one in found.candidates
            ],
            "metadata": dict(found.metadata),
        }

    def op_metrics_no_wiring(self, step: Step) -> object:
        observer, metrics = TransitionObserver(), MetricsCollector()
        observer.add_hook(metrics)
        state, trigger = step["event"]
        self._machine.process(state, trigger, {})
        observer.close()
        return metrics.get_summary()

    # --------------------------------------------------------------- parallel

    def op_enter_parallel(self, step: Step) -> object:
        self._config = self._machine.enter_parallel_state(step["state"])
        return {"config": self._config}

    def op_pprocess(self, step: Step) -> object:
        given = (step["trigger"], _mapping(step, "ctx"))
        return self._moved(self._machine.process(self._config, *given))

    def op_approcess(self, step: Step) -> object:
        given = (step["trigger"], _mapping(step, "ctx"))
        return self._moved(run(self._machine.aprocess(self._config, *given)))

    def _moved(self, result: TransitionResult) -> object:
        self._config = result.target_state or self._config
        return {"config": self._config, "results": [told(result)] * result.success}

    # --------------------------------------------------------------- sessions

    def op_session(self, step: Step) -> object:
        names = ("initial_state", "defer_unhandled", "execute_actions")
        given = {name: step[name] for name in names if name in step}
        self._known_session = self._machine.create(_mapping(step, "context"), **given)
        return {"state": self._session.current_state, "context": self._session.context}

    def op_send(self, step: Step) -> object:
        before = len(self._session.history)
        payload = _mapping(step, "payload")
        return self._sent(self._session.send(step["trigger"], **payload), before)

    def op_asend(self, step: Step) -> object:
        before = len(self._session.history)
        payload = _mapping(step, "payload")
        return self._sent(run(self._session.asend(step["trigger"], **payload)), before)

    def op_call(self, step: Step) -> object:
        before = len(self._session.history)
        method = getattr(self._session, step["method"])
        return self._sent(method(**_mapping(step, "payload")), before)

    def op_apply_data(self, step: Step) -> object:
        results = self._session.apply_data(**_mapping(step, "data"))
        return {
            "applied": [told(each) for each in results],
            "state_after": self._session.current_state,
            "context_after": self._session.context,
        }

    def _sent(self, result: TransitionResult, before: int) -> object:
        added = [*self._session.history][before:]
        return {
            **told(result),
            "state_after": self._session.current_state,
            "context_after": self._session.context,
            "chain": [brief(part) for one in added for part in one.chain],
            "deferred": [[*each] for each in self._session.deferred_events],
        }

    def op_get(self, step: Step) -> object:
        found: object = getattr(self._session, step["attr"])
        return found

    def op_snapshot(self, _: Step) -> object:
        self._saved = {**self._session.snapshot()}
        return self._saved

    def op_restore(self, step: Step) -> object:
        document = step.get("snapshot") or self._saved
        self._known_session = Session.from_snapshot(self._machine, document)
        return {
            "state": self._session.current_state,
            "context": self._session.context,
            "is_final": self._session.is_final,
        }

    # ----------------------------------------------------------------- runner

    def op_orch(self, _: Step) -> object:
        assert isinstance(self._runner, Runner)
        return "ok"

    def op_store_set(self, step: Step) -> object:
        runner, machine = self._runner, self._machine
        entity = step.get("entity", "e1")
        found = runner.store.load(machine.name, entity)
        state = step.get("state") or runner.state_of(entity)
        context = _mapping(step, "context")
        if not context and found is not None:
            context |= runner.context_of(entity)
        session = machine.create(context, initial_state=state)
        core = cast("Mapping[str, Json]", session.snapshot()["core"])
        version = 0 if found is None else found.version
        entry = StoredEntity(str(state), core, None, version)
        runner.store.save(machine.name, entity, entry)
        return "ok"

    def op_event(self, step: Step) -> object:
        given = (step.get("entity", "e1"), step["trigger"], _mapping(step, "ctx"))
        result = self._runner.process_event(*given)
        return {**told(result), **self._kept(given[0])}

    def op_aevent(self, step: Step) -> object:
        given = (step.get("entity", "e1"), step["trigger"], _mapping(step, "ctx"))
        result = run(self._runner.async_process_event(*given))
        return {**told(result), **self._kept(given[0])}

    def op_sleep(self, step: Step) -> object:
        run(self._timers.advance(step["seconds"]))
        return self._kept("e1")

    def _kept(self, entity: str) -> dict[str, Any]:
        state = self._runner.state_of(entity)
        return {
            "stored_state": state,
            "stored_context": {} if state is None else self._runner.context_of(entity),
            "calls": [*self._calls],
            "pending": self._timers.pending(),
        }

    def op_version_conflict(self, _: Step) -> object:
        store, entry = InMemoryStateStore(), StoredEntity("a", {}, None)
        first = store.save("m", "e", entry)
        store.save("m", "e", entry._replace(version=first))
        store.save("m", "e", entry._replace(version=first))
        return {}


def _mapping(step: Step, key: str) -> dict[str, Any]:
    return dict(step.get(key) or {})


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end in a loop of its own."""
    return asyncio.run(work)
