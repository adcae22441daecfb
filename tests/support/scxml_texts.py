"""SCXML documents of a few lines, read."""

from smtui.definition import Node, Problem, TreeDefinition
from smtui.dialects import load_text

NAMESPACE = 'xmlns="http://www.w3.org/2005/07/scxml"'


def problems(body: str, head: str = "") -> tuple[Problem, ...]:
    return load_text(f"<scxml {NAMESPACE} {head}>{body}</scxml>", "m.scxml").problems


def read(body: str, head: str = "", file: str = "m.scxml") -> TreeDefinition:
    loaded = load_text(f"<scxml {NAMESPACE} {head}>{body}</scxml>", file)
    assert not loaded.errors, loaded.errors
    assert isinstance(loaded.definition, TreeDefinition)
    return loaded.definition


def node(tree: TreeDefinition, name: str) -> Node:
    return next(node for node in tree.nodes if node.id == name)
