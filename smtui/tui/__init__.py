"""The tui room: the operator's screen. The only room that knows Textual."""

from smtui.tui.args import TuiArgs

__all__ = ["TuiArgs"]
