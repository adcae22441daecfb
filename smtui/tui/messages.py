"""What screens tell the app; small, and none of them waits for an answer."""

from textual.message import Message

from smtui.tui.command import ScreenName
from smtui.tui.sending import Sending

__all__ = ["AskQuit", "Inject", "OpenPage", "Said", "TogglePause"]


class Inject(Message):
    """Send an event, and tell what became of it on the screen on top."""

    def __init__(self, sending: Sending) -> None:
        super().__init__()
        self.sending = sending


class OpenPage(Message):
    """Show a page about a machine or a job."""

    def __init__(self, page: ScreenName, name: str = "") -> None:
        super().__init__()
        self.page = page
        self.name = name
        """The machine, or the job's id."""


class Said(Message):
    """One line for the operator, in the footer, for a few seconds."""

    def __init__(self, text: str, *, is_error: bool = False) -> None:
        super().__init__()
        self.text = text
        self.is_error = is_error


class AskQuit(Message):
    """Ask what quitting means here."""


class TogglePause(Message):
    """Stop the panes from moving, or let them go."""
