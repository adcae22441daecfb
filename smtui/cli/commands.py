"""The table of all commands, in the order an operator meets them.

Importing it must stay cheap: a module of a command imports its rooms when the
command runs.
"""

from smtui.cli.attach import ATTACH
from smtui.cli.checking import CHECK
from smtui.cli.command import Command
from smtui.cli.config import CONFIG
from smtui.cli.events import EVENTS, INBOX
from smtui.cli.fleet import DOWN, HEALTH, PS, RESTART, START, STOP
from smtui.cli.graph import GRAPH
from smtui.cli.help import HELP
from smtui.cli.hidden import CHECK_HIDDEN, MACHINE, NURSERY, SUPERVISE
from smtui.cli.history import HISTORY
from smtui.cli.instances import INSTANCES
from smtui.cli.jobs import JOBS
from smtui.cli.logs import LOGS
from smtui.cli.new import NEW
from smtui.cli.paths import PATHS
from smtui.cli.replay import REPLAY
from smtui.cli.run import RUN
from smtui.cli.schema import SCHEMA
from smtui.cli.send import SEND
from smtui.cli.test import TEST

__all__ = ["COMMANDS", "HIDDEN"]

COMMANDS: tuple[Command, ...] = (
    RUN,
    ATTACH,
    PS,
    HEALTH,
    SEND,
    START,
    STOP,
    RESTART,
    DOWN,
    EVENTS,
    HISTORY,
    REPLAY,
    INSTANCES,
    LOGS,
    JOBS,
    INBOX,
    CHECK,
    GRAPH,
    PATHS,
    TEST,
    SCHEMA,
    NEW,
    CONFIG,
    HELP,
)

HIDDEN: tuple[Command, ...] = (CHECK_HIDDEN, SUPERVISE, NURSERY, MACHINE)
