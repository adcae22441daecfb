"""The standard library's logging, led into the machine's own output.

Action files write to `self.logger` or a logger of their own; without this
only warnings would be seen.
"""

import logging

from smtui.runtime.actions.outlet import Outlet

__all__ = ["send_logs_to"]


class _ToOutlet(logging.Handler):
    def __init__(self, outlet: Outlet) -> None:
        super().__init__()
        self.outlet = outlet

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record as a log line."""
        self.outlet.log(record.levelname.lower(), self.format(record))


def send_logs_to(outlet: Outlet) -> None:
    """Show records of level INFO and above; a second call changes nothing."""
    root = logging.getLogger()
    if any(isinstance(handler, _ToOutlet) for handler in root.handlers):
        return
    handler = _ToOutlet(outlet)
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    root.addHandler(handler)
    if root.level in {logging.NOTSET, logging.WARNING}:
        root.setLevel(logging.INFO)
