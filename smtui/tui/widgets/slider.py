"""The time slider: one line for a whole journal, to be clicked and dragged."""

from textual import events
from textual.message import Message

from smtui.tui.widgets.bars import Bar
from smtui.view.past import Instant
from smtui.view.past_lines import ordinal_at, slider_line
from smtui.view.timeline import Timeline

__all__ = ["Slider"]


class Slider(Bar, inherit_bindings=False):
    """A track with a knob."""

    class Slid(Message):
        """The operator wants another step."""

        def __init__(self, ordinal: int) -> None:
            super().__init__()
            self.ordinal = ordinal

        def can_replace(self, message: Message) -> bool:
            """Let a newer place swallow an older one."""
            return isinstance(message, Slider.Slid)

    def __init__(self, *, id: str, is_ascii: bool) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, is_ascii=is_ascii)
        self._timeline = Timeline()
        self._instant: Instant | None = None
        self._is_live = False
        self._is_held = False

    def put(
        self, timeline: Timeline, instant: Instant | None, *, is_live: bool
    ) -> None:
        """Show how far along an instant is."""
        self._timeline, self._instant, self._is_live = timeline, instant, is_live
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        self.show(
            slider_line(self._timeline, self._instant, width, is_live=self._is_live)
        )

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._draw()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the knob, and go there."""
        self._is_held = True
        self.capture_mouse()
        self._slide(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the knob."""
        if self._is_held:
            self._slide(event.x)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of the knob."""
        del event
        if self._is_held:
            self._is_held = False
            self.release_mouse()

    def _slide(self, column: int) -> None:
        if self._timeline.total:
            ordinal = ordinal_at(self._timeline, column, self.size.width)
            self.post_message(self.Slid(ordinal))
