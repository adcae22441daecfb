"""Dialects: texts in, definitions and problems out, never an exception.

The project file is YAML too, so what reads a mapping against its known keys
is offered here as well (`parse_yaml`, `Reader`, `Notes` and the nodes).
"""

from smtui.dialects.bindings import Wanted, code_file, told_unbound, wanted_by
from smtui.dialects.engine.keys import ACTION_TYPES
from smtui.dialects.load import load_all, load_text
from smtui.dialects.loaded import Loaded
from smtui.dialects.names import name_problem
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table, plain, word
from smtui.dialects.notes import Notes, shown
from smtui.dialects.recognise import Dialect
from smtui.dialects.schema import schema_of, schema_of_all
from smtui.dialects.scxml.child import load_child
from smtui.dialects.tables import Reader
from smtui.dialects.yaml_reader import MOST_CHARACTERS, decode, parse_yaml

__all__ = [
    "ACTION_TYPES",
    "MOST_CHARACTERS",
    "Dialect",
    "Field",
    "Items",
    "Loaded",
    "Node",
    "Notes",
    "Reader",
    "Scalar",
    "Table",
    "Wanted",
    "code_file",
    "decode",
    "load_all",
    "load_child",
    "load_text",
    "name_problem",
    "parse_yaml",
    "plain",
    "schema_of",
    "schema_of_all",
    "shown",
    "told_unbound",
    "wanted_by",
    "word",
]
