"""The tui room: the operator's screen. The only room that knows Textual."""

from smtui.tui.args import Replay, TuiArgs
from smtui.tui.glyphs import needs_ascii
from smtui.tui.running import run_app

__all__ = ["Replay", "TuiArgs", "needs_ascii", "run_app"]
