"""What an author wrote, in any dialect: frozen values with positions.

A dialect reads text and builds these; the chart room compiles them. Engine
definitions are flat states with action lists (`Definition`); SCXML and
PyStator are trees (`TreeDefinition`); `AnyDefinition` is either.

`content` and `guards` hold the closed unions an arrow and a node are made of;
their names (Log, Send, If) are short, so they are imported from there.
"""

from smtui.definition.content import Block, Content
from smtui.definition.contents import blocks_in, calls_in, contents_in
from smtui.definition.contract import Classification, Invariant
from smtui.definition.expression import Expression, Language, Param
from smtui.definition.guards import Guard, simple_guards
from smtui.definition.lists import ANY, Action, Definition, State, Transition
from smtui.definition.peers import PeerUse, guards_on_peers
from smtui.definition.place import Json, Position, Problem, Severity
from smtui.definition.semantics import (
    PYSTATOR,
    SCXML,
    Checking,
    Domain,
    ErrorPolicy,
    Normalizer,
    Semantics,
    Strays,
)
from smtui.definition.shared import Ask, EventSpec, Peer
from smtui.definition.terms import (
    CODE,
    HTTP,
    PERFORMED_HERE,
    Failure,
    OnError,
    Terms,
)
from smtui.definition.tree import (
    AnyDefinition,
    Arrow,
    DataItem,
    DoneData,
    Initial,
    Invoke,
    Node,
    NodeKind,
    TreeDefinition,
    Variable,
)

__all__ = [
    "ANY",
    "CODE",
    "HTTP",
    "PERFORMED_HERE",
    "PYSTATOR",
    "SCXML",
    "Action",
    "AnyDefinition",
    "Arrow",
    "Ask",
    "Block",
    "Checking",
    "Classification",
    "Content",
    "DataItem",
    "Definition",
    "Domain",
    "DoneData",
    "ErrorPolicy",
    "EventSpec",
    "Expression",
    "Failure",
    "Guard",
    "Initial",
    "Invariant",
    "Invoke",
    "Json",
    "Language",
    "Node",
    "NodeKind",
    "Normalizer",
    "OnError",
    "Param",
    "Peer",
    "PeerUse",
    "Position",
    "Problem",
    "Semantics",
    "Severity",
    "State",
    "Strays",
    "Terms",
    "Transition",
    "TreeDefinition",
    "Variable",
    "blocks_in",
    "calls_in",
    "contents_in",
    "guards_on_peers",
    "simple_guards",
]
