"""A naive engine machine: the rules of its lists, as simple as they can be told.

It shares no code with the core. One machine, one queue, virtual time; actions
are those of `tests.support.random_machines`. Where the core keeps values and a
cursor this keeps mutable objects, and Python's identity says whether a result
still belongs to a list that is under way.
"""

from collections.abc import Callable

from smtui.definition import Action, Definition, Json, Transition
from tests.support.reference_listing import Listing, types_of
from tests.support.reference_queue import Queue

__all__ = ["Machine"]

FINAL = {"stopped", "shutdown", "completed"}


class Machine:
    """A machine, its inbox, its queue and its clock."""

    def __init__(self, definition: Definition) -> None:
        self.rows = definition.transitions
        self.lists = {s.id: s.actions for s in definition.states}
        self.now = self.stepped = 1000.0
        self.gos = 0
        self.found_nothing = False
        self.data: dict[str, Json] = {"machine_name": "m"}
        self.inbox: list[tuple[str, Json]] = []
        self.queue = Queue(lambda: self.now)
        self.timers: dict[str, float] = {}
        self.hand: tuple[Action, Listing] | None = None
        self.answer: list[Json] | None = None
        self.finished_at: float | None = None
        self.status = "running"
        self.state = ""
        self.stack: list[Listing] = []
        self.moves: list[tuple[str, str, str]] = []
        self.starts: list[tuple[float, str]] = []
        self.agenda: list[tuple[float, int, Callable[[], None]]] = []
        self.planned = 0
        self.enter((), definition.initial, "")
        self.happen("start", "outside")

    # ------------------------------------------------------------ the world

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self.planned += 1
        self.agenda.append((self.now + seconds, self.planned, act))
        self.agenda.sort(key=lambda item: item[:2])

    def send(self, event: str, payload: Json) -> None:
        self.inbox.append((event, payload))

    def run(self, seconds: float) -> None:
        end = self.now + seconds
        while True:
            until = self.turns()
            times = [t for t in (until, *(i[0] for i in self.agenda[:1])) if t]
            if not times or min(times) > end:
                return
            self.now = max(self.now, min(times))
            while self.agenda and self.agenda[0][0] <= self.now:
                self.agenda.pop(0)[2]()

    # ------------------------------------------------------------ whose turn

    def turns(self) -> float | None:
        """Take turns until there is nothing to do; return when there will be."""
        self.queue.retry()
        while self.status != "final":
            before, self.gos = self.gos, 0
            if not self.turn():
                self.gos = before
                if not self.wants_go():
                    return self.due()
                if before >= 100 and self.stepped + 0.05 > self.now:
                    return min(t for t in (self.stepped + 0.05, self.due()) if t)
                self.gos += 1
                self.run_list()
            elif self.found_nothing:
                self.gos = before
            self.found_nothing = False
            self.stepped = self.now
        return None

    def due(self) -> float | None:
        watched = [x.until for x in self.stack if x.watches and x.until]
        return min([*self.timers.values(), *watched], default=None)

    def turn(self) -> bool:
        """Take what comes first of result, delay, event and wake-up."""
        timers = sorted((at, e) for e, at in self.timers.items() if at <= self.now)
        finished = self.finished_at
        if self.answer is not None or (
            finished is not None and (not timers or finished < timers[0][0])
        ):
            self.done()
        elif timers:
            event = timers[0][1]
            del self.timers[event]
            self.happen(event, "delay")
        else:
            return self.hear() or self.wake()
        return True

    def hear(self) -> bool:
        waiting = self.deferred()
        if self.hand is not None or self.status != "running":
            return False
        for item in self.inbox:
            if item[0] not in waiting:
                self.inbox.remove(item)
                self.keep(*item)
                self.happen(item[0], "outside", told=True)
                self.run_list()
                return True
        return False

    def wake(self) -> bool:
        for listing in self.stack:
            if listing.watches and self.has_changed(listing):
                listing.again(self.lists[self.state], listing.only)
                self.run_list()
                return True
        return False

    def deferred(self) -> set[str]:
        return {name for listing in self.stack for name in listing.deferred()}

    def has_changed(self, listing: Listing) -> bool:
        if listing.until is not None and listing.until <= self.now:
            return True
        present = {
            "jobs": self.queue.counter,
            **{f"inbox/{e}": 1 for e, _ in self.inbox},
        }
        present |= {f"data/{k}": len(self.items(k)) for k in self.data}
        return any(present.get(t, 0) > seen for t, seen in listing.since.items())

    def wants_go(self) -> bool:
        top = self.stack[-1]
        if self.hand is not None or top.watches:
            return False
        is_more = len(self.stack) > 1 or top.rearm or not top.is_at_end
        return self.status == "ending" or is_more

    # ------------------------------------------------------------ transitions

    def row(self, event: str | None) -> Transition | None:
        if self.status != "running":
            return None
        rows = (r for r in self.rows if r.event == event)
        return next((r for r in rows if r.source in {self.state, "*"}), None)

    def happen(self, event: str, came: str, *, told: bool = False) -> bool:
        """Take an event's transition, if any; return whether a state was left."""
        row = self.row(event)
        if row is None:
            return False
        if row.target != self.state:
            self.enter(row.actions, row.target, event, told=told)
            return True
        self.moves.append((self.state, event, row.target))
        root = self.stack[0]
        if event == "stop" and row.target in FINAL:
            self.end(event, told=told)
            if root.index or root.passes:
                root.index = max(root.index, len(root.actions))
                self.stack = [root]
        else:
            if came != "action" or root.passes == 0:
                self.start_timers()
            if came == "delay" and root.is_at_end:
                root.again(self.lists[self.state], None)
            elif came == "delay":
                root.rearm = True
        if row.actions and len(self.stack) <= 32:
            self.stack.append(Listing(row.actions))
        return False

    def enter(
        self, own: tuple[Action, ...], target: str, event: str, *, told: bool = False
    ) -> None:
        self.moves.append((self.state, event, target))
        self.state = target
        self.stack = [Listing([*own, *self.lists[target]])]
        ways = {row.target for row in self.rows if row.source == target}
        if target in FINAL and (event == "stop" or not ways - {target}):
            self.end(event, told=told)
        else:
            self.start_timers()

    def end(self, event: str, *, told: bool) -> None:
        self.status, self.timers = "ending", {}
        for listing in self.stack:
            listing.watches = False
        if event == "stop" and told:
            self.queue.release(*self.queue.held)

    def start_timers(self) -> None:
        rows = [r for r in self.rows if r.source in {self.state, "*"}]
        self.timers = {r.event: self.now + r.delay_s for r in rows if r.delay_s}

    # ------------------------------------------------------------ the list

    def run_list(self) -> None:
        while self.hand is None and not self.stack[-1].watches:
            top = self.stack[-1]
            if top.is_at_end and len(self.stack) == 1:
                self.end_of_pass(top)
                return
            if top.is_at_end:
                self.stack.pop()
            elif top.only is not None and top.index not in top.only:
                top.index += 1
            elif self.act(top.actions[top.index], top):
                return

    def end_of_pass(self, top: Listing) -> None:
        actions = self.lists[self.state]
        repeatable = [n for n, action in enumerate(actions) if action.repeat]
        if self.status == "ending":
            self.finish()
        elif top.rearm or (top.took and (top.looped or top.since)):
            top.again(actions, None)
        elif top.took and repeatable:
            top.again(actions, repeatable)
        elif top.since:
            top.watch(None)
        elif top.looped:
            given = [a.args.get("poll_interval") for a in top.actions]
            polls = [float(str(p)) for p in given if p is not None]
            top.watch(self.now + min(polls, default=1.0))
        elif repeatable:
            top.only = repeatable
            top.watch(self.now + 0.25)

    def act(self, action: Action, top: Listing) -> bool:
        """Run one action; return whether the step ends with it."""
        args = action.args
        key = str(args.get("list_key", args.get("key")))
        match action.type:
            case "log":
                return self.ended(top, None)
            case "raise":
                return self.ended(top, args["event"])
            case "set_context":
                self.data[key] = args["value"]
                return self.ended(top, args.get("success", "success"))
            case "add_to_list":
                self.data[key] = [*self.items(key), args["value"]]
                return self.ended(top, args.get("success", "success"))
            case "pop_from_list":
                return self.pop(action, top, key)
            case _:
                self.hand, self.finished_at = (action, top), None
                self.begin(action)
                return True

    def begin(self, action: Action) -> None:
        """Take an action in hand; the store answers at once."""
        if action.type == "check_database_queue":
            self.queue.settle("completed")
            claimed = self.queue.claim()
            self.answer = [self.queue.counter, *claimed]
        elif action.type == "check_events":
            found = [i for i in self.inbox if i[0] in types_of(action)][:1]
            self.inbox = [item for item in self.inbox if item not in found]
            self.answer = [0, *([*item] for item in found)]
        else:
            default = f"sleep {action.args.get('duration')}"
            words = str(action.args.get("command", default)).split()
            self.starts.append((self.now, words[0]))
            self.later(float(words[1]), self.finish_hand)

    def finish_hand(self) -> None:
        self.finished_at = self.now

    def items(self, key: str) -> list[Json]:
        present = self.data.get(key)
        return present if isinstance(present, list) else []

    def pop(self, action: Action, top: Listing, key: str) -> bool:
        first, rest = self.items(key)[:1], self.items(key)[1:]
        top.since[f"data/{key}"] = len(rest)
        if not first:
            empty = action.args.get("empty", "list_empty")
            return self.ended(top, empty, is_negative=True)
        self.data[key] = rest
        if "store_as" in action.args:
            self.data[str(action.args["store_as"])] = first[0]
        top.since[f"data/{key}"] = len(self.items(key))
        top.took = True
        return self.ended(top, action.args.get("success", "item_popped"))

    # ------------------------------------------------------------ results

    def ended(
        self,
        owner: Listing,
        event: Json,
        *,
        is_negative: bool = False,
        told: bool = False,
        claim: str = "",
    ) -> bool:
        """Go past an action, take its event; return whether a state was left."""
        is_here = any(owner is each for each in self.stack)
        owner.index += 1
        self.spread()
        name = str(event)
        row = self.row(None if event is None else name)
        if row is None and claim:
            self.queue.release(claim)
            self.data.pop("current_job", None)
            owner.took = False
            owner.since.pop("jobs", None)
        if row is not None and is_here and row.target == self.state:
            owner.looped = True
            if is_negative:
                owner.index = max(owner.index, len(owner.actions))
        return row is not None and self.happen(name, "action", told=told)

    def spread(self) -> None:
        job = self.data.get("current_job")
        if isinstance(job, dict) and isinstance(job["data"], dict):
            self.data |= {"id": job["id"], "job_type": "t", **job["data"]}

    def done(self) -> None:
        assert self.hand is not None
        (action, owner), self.hand = self.hand, None
        answer, self.answer, self.finished_at = self.answer or [], None, None
        match action.type:
            case "bash":
                left = self.bash(action, owner)
            case "sleep":
                left = self.ended(owner, "wake_up")
            case "check_database_queue":
                owner.since.setdefault("jobs", int(str(answer[0])))
                left = self.looked(owner, answer[1:], "no_jobs", self.claimed)
            case _:
                for name in types_of(action):
                    owner.since.setdefault(f"inbox/{name}", 0)
                left = self.looked(owner, answer[1:], "no_events", self.heard)
        if not left:
            self.run_list()

    def looked(
        self,
        owner: Listing,
        found: list[Json],
        nothing: str,
        took: Callable[[Listing, Json], bool],
    ) -> bool:
        if not found:
            self.found_nothing = True
            return self.ended(owner, nothing, is_negative=True)
        owner.took = True
        return took(owner, found[0])

    def claimed(self, owner: Listing, found: Json) -> bool:
        id_ = str(found)
        self.data["current_job"] = {"id": id_, "job_type": "t", "data": {"n": id_}}
        self.queue.held.append(id_)
        return self.ended(owner, "new_job", claim=id_)

    def heard(self, owner: Listing, found: Json) -> bool:
        assert isinstance(found, list)
        self.data["payload"] = found[1]
        self.keep(str(found[0]), found[1])
        return self.ended(owner, found[0], told=True)

    def keep(self, event: str, payload: Json) -> None:
        self.data["event_data"] = {"type": event, "payload": payload, "job_id": None}

    def bash(self, action: Action, owner: Listing) -> bool:
        command = str(action.args["command"])
        code = int(command.split()[2])
        if code == 0:
            return self.ended(owner, action.args.get("success", "job_done"))
        mapped = action.args.get("error_mappings")
        event = mapped.get(str(code), "error") if isinstance(mapped, dict) else "error"
        if event == "error":
            for pause_s in self.queue.settle("failed"):
                self.later(pause_s, lambda: None)
        self.data.pop("current_job", None)
        self.data |= {
            "last_error": f"Command failed (exit {code}): \nCommand: {command}",
            "last_error_action": "bash",
            "last_error_command": command,
            "last_error_exit_code": code,
        }
        return self.ended(owner, event)

    def finish(self) -> None:
        self.queue.settle("completed")
        self.status = "final"
