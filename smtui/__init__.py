"""Mission control for state machines, in your terminal."""

__all__: list[str] = []
