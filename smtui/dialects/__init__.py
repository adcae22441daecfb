"""Dialects: texts in, definitions and problems out, never an exception."""

from smtui.dialects.load import load_text
from smtui.dialects.loaded import Loaded
from smtui.dialects.names import name_problem
from smtui.dialects.recognise import Dialect
from smtui.dialects.yaml_reader import decode

__all__ = ["Dialect", "Loaded", "decode", "load_text", "name_problem"]
