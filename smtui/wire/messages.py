"""Every message that crosses a socket, in one catalogue.

Three conversations, all JSON lines on Unix stream sockets:

- a machine process reports to the supervisor on events.sock:
  Hello, then Ready, then Frame whenever something changed (and as heartbeat
  answer to nothing: the supervisor rings its doorbell to see whether it lives);
  the other way comes only Ask(0, "wake"), when the run directory was lost and
  made again: bind the doorbell anew (Doorbell.ensure) and look, as if rung
- a client (screen, command line) asks on control.sock: Ask -> Answer
- after Ask("watch") the supervisor streams Fleet once, then Update, coalesced
  to at most 30 a second, latest wins; counters are cumulative, so a lost
  message heals with the next.

The store is the truth; a frame only says that looking again is worth it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from smtui.definition import Json

__all__ = [
    "BLOCKED",
    "Answer",
    "Ask",
    "ChildState",
    "Fleet",
    "Frame",
    "Hello",
    "MachineView",
    "Message",
    "Notice",
    "ProblemView",
    "Ready",
    "RunningAction",
    "TimerView",
    "Update",
]


BLOCKED = "blocked: "
"""A frame whose last_problem begins so is of a machine that waits for a
decision about its changed definition and does nothing."""


class ChildState(StrEnum):
    """Where a supervised process is in its life; the same words everywhere."""

    STOPPED = "stopped"
    BLOCKED = "blocked"
    STARTING = "starting"
    READY = "ready"
    BACKOFF = "backoff"
    STOPPING = "stopping"
    FAILED = "failed"
    DONE = "done"
    HUNG = "hung"


@dataclass(frozen=True, slots=True)
class RunningAction:
    """A World action in hand."""

    action: str
    """Its type, `bash`."""
    text: str
    """What an operator recognises: the command, cut to 200 characters."""
    since: float
    """Seconds since the epoch."""
    pid: int | None = None
    timeout_s: float | None = None
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class TimerView:
    """A pending delay."""

    event: str
    due: float
    """Seconds since the epoch."""


# ------------------------------------------- machine process -> supervisor


@dataclass(frozen=True, slots=True)
class Hello:
    """First message of a machine process on events.sock."""

    child: str
    pid: int
    epoch: int
    machines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """Epoch held, snapshot loaded, doorbell bound."""

    child: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What one machine is doing now; sent after commits, latest wins."""

    machine: str
    instance: str
    configuration: tuple[str, ...]
    status: str
    """running | ending | final | failed"""
    since: float
    """When the configuration was entered, seconds since the epoch."""
    seq: int
    """Last journalled step."""
    read: int
    """Last inbox seq this process has read, for the sweep."""
    run: int = 1
    steps: int = 0
    """Steps of this process, cumulative."""
    idle: int = 0
    """Idle passes of this process, cumulative."""
    ignored: int = 0
    """Ignored or rejected events of this process, cumulative."""
    inbox: int = 0
    """Events waiting."""
    held: tuple[str, ...] = ()
    """Ids of jobs in hand."""
    running: tuple[RunningAction, ...] = ()
    timers: tuple[TimerView, ...] = ()
    watching: tuple[str, ...] = ()
    """Topics a list waits for."""
    waits_store: bool = False
    """The store is locked or the disk full; nothing is performed."""
    last_problem: str = ""
    """The last error, or why the last event was ignored or rejected."""
    last_problem_at: float = 0.0
    instances: int = 1
    asking: int = 0
    """Of many instances, how many wait for a human to answer."""
    asking_in: str = ""
    """The state most of those are in."""
    leaves: tuple[str, ...] = ()
    """Where active states are nested, the innermost."""

    @property
    def where(self) -> str:
        """Return the active states as one text, of nested ones the innermost."""
        return "+".join(self.leaves or self.configuration)


# ------------------------------------------------------ client -> supervisor


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: ping, watch, start, stop, restart, down, add, reload, wake.

    args by op, all but names and paths optional:

    - start, stop, restart: {"names": [...], "fresh": bool, "force": bool (KILL
      at once), "wait": bool}. A name is a machine, a child, or a machine with
      replicas. The Answer comes when it is done ("wait": false: at once), with
      {"names": [...], "states": {name: state}}, and "also": [...], machines nobody
      named that share a process with one that was
    - down: {"force": bool}; answered at once, the connection ends at the end
    - add: {"paths": [...], "only": [...], "name", "context", "actions_dir"};
      answered when the files are read, with {"names": [...], "problems": [...]
      as check --json has them, "not_read": [[file, why], ...]}
    - reload: {}; reads all paths again and restarts what changed; as add
    - wake: {} (look at desired state); ping: {} -> {"pid", "data_dir", "paths",
      "started_at", "leaving"}
    """

    id: int
    op: str
    args: dict[str, Json] = field(default_factory=dict[str, Json])
    who: str = ""
    """user@tty of the operator."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to the Ask of that id."""

    id: int
    ok: bool
    value: Json = None
    error: str = ""
    hint: str = ""
    exit_code: int = 1


# ------------------------------------------------------ supervisor -> client


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem of a definition or of the fleet."""

    file: str
    line: int
    column: int
    code: str
    severity: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MachineView:
    """One machine as the supervisor sees it: child state plus last Frame."""

    name: str
    child: str
    """Name of the process that hosts it."""
    dialect: str
    definition: str
    """Hash of the definition version it runs."""
    file: str
    state: ChildState
    kind: str = "machine"
    """`machine`, or `process` for a plain command of smtui.yaml."""
    pid: int | None = None
    state_since: float = 0.0
    """When the child state began, seconds since the epoch."""
    started_at: float | None = None
    restarts: int = 0
    """Restarts since the operator's last start."""
    failures: int = 0
    """Exits inside the intensity window."""
    intensity: int = 5
    retry_at: float | None = None
    """While in backoff: when it is started again."""
    reason: str = ""
    """Why it is failed, blocked, stopped, in backoff, or who stops it."""
    desired: str = "up"
    template: bool = False
    replica_of: str = ""
    begun_by: str = ""
    """Which machine wanted it, and how: `invoked by orders as ship`."""
    cpu_s: float = 0.0
    rss_bytes: int = 0
    frame: Frame | None = None
    jobs: int = 0
    """Jobs waiting for or held by this machine."""
    asks: str = ""
    """The question it waits for a human to answer."""
    stuck_after_s: float | None = None
    """The author's limit for the state it is in."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """Everything, sent once after watch."""

    at: float
    data_dir: str
    paths: tuple[str, ...]
    pid: int
    machines: tuple[MachineView, ...]
    problems: tuple[ProblemView, ...] = ()
    not_read: tuple[tuple[str, str], ...] = ()
    """(file, why) of files in the folder that are no machines."""
    changes: int = 0
    """The store's data version counter, cumulative."""
    free_disk_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a human is to be told now, whether he looks or not."""

    at: float
    """Seconds since the epoch."""
    event: str
    """failed, stuck, discarded or asks"""
    machine: str
    text: str


@dataclass(frozen=True, slots=True)
class Update:
    """What changed since the last message; whole rows, latest wins."""

    at: float
    machines: tuple[MachineView, ...] = ()
    gone: tuple[str, ...] = ()
    problems: tuple[ProblemView, ...] | None = None
    """None when unchanged."""
    changes: int = 0
    free_disk_bytes: int = 0
    notices: tuple[Notice, ...] = ()
    """What the terminal of who watches is to ring for."""


Message: TypeAlias = Hello | Ready | Frame | Ask | Answer | Fleet | Update
