"""The dialect of statemachine-engine: YAML with flat states and action lists."""

from smtui.dialects.engine.machine import DEFAULT_INITIAL, read_engine

__all__ = ["DEFAULT_INITIAL", "read_engine"]
