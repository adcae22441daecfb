"""The app, as screens and widgets see it."""

from textual.app import App
from textual.message_pump import MessagePump

__all__ = ["app_of"]


def app_of(pump: MessagePump) -> App[object]:
    """Return the app of a screen or widget."""
    app: App[object] = pump.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # left open
    return app
