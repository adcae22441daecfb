"""The import name that existing action files use.

    from statemachine_engine.actions import BaseAction

Nothing of that package is here but the base class its action files derive
from. The modules appear in sys.modules only when action files are loaded.
"""

import logging
import sys
from abc import ABC, abstractmethod
from types import ModuleType

__all__ = ["BaseAction", "install"]


class BaseAction(ABC):
    """What an author's action derives from; a new one for each execution."""

    def __init__(self, action_config: dict[str, object] | None = None) -> None:
        """Keep the action's interpolated entry: all keys, `params` among them."""
        self.config: dict[str, object] = action_config or {}
        cls = type(self)
        self.logger = logging.getLogger(f"{cls.__module__}.{cls.__name__}")

    @abstractmethod
    async def execute(self, context: dict[str, object]) -> str | None:
        """Do the work; return the name of an event, or nothing.

        A plain `def` works as well and runs in a thread of its own.
        """

    def get_description(self) -> str:
        """Return what the definition says of this action."""
        default = f"{type(self).__name__} action"
        return str(self.config.get("description", default))

    def get_config_value(self, key: str, default: object = None) -> object:
        """Return one key of the action's entry."""
        return self.config.get(key, default)

    def get_machine_name(self, context: dict[str, object]) -> str:
        """Return the name of the machine that runs this."""
        return str(context.get("machine_name", "unknown"))


def install() -> None:
    """Make the import name known; a second time changes nothing."""
    if getattr(sys.modules.get(_BASE), "BaseAction", None) is BaseAction:
        return
    top, actions, base = (ModuleType(name) for name in (_TOP, _ACTIONS, _BASE))
    for module in (actions, base):
        vars(module)["BaseAction"] = BaseAction
    vars(top)["actions"] = actions
    vars(actions)["base"] = base
    sys.modules.update({_TOP: top, _ACTIONS: actions, _BASE: base})


_TOP = "statemachine_engine"
_ACTIONS = "statemachine_engine.actions"
_BASE = "statemachine_engine.actions.base"
