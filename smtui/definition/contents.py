"""What a statechart runs: its blocks, and all that stands in them.

The law of this file: a block that a definition can hold is found here, so that
whoever looks for something looks everywhere.
"""

from collections.abc import Iterator

from smtui.definition.content import Block, Call, Content, ForEach, If
from smtui.definition.tree import TreeDefinition

__all__ = ["blocks_in", "calls_in", "contents_in"]


def blocks_in(definition: TreeDefinition) -> Iterator[Block]:
    """Yield every block, those of invoked definitions left out."""
    yield definition.script
    yield definition.initial.content
    for node in definition.nodes:
        yield from node.entry
        yield from node.exit
        yield from (invoke.finalize for invoke in node.invokes)
        if node.initial is not None:
            yield node.initial.content
    for arrow in definition.arrows:
        yield arrow.content


def contents_in(block: Block) -> Iterator[Content]:
    """Yield what stands in a block, each before what it has inside."""
    for content in block:
        yield content
        match content:
            case If(branches=branches):
                for branch in branches:
                    yield from contents_in(branch.block)
            case ForEach(block=inner):
                yield from contents_in(inner)
            case _:
                pass


def calls_in(definition: TreeDefinition) -> Iterator[Call]:
    """Yield every action, those in branches too, in the definition's order."""
    for block in blocks_in(definition):
        for content in contents_in(block):
            if isinstance(content, Call):
                yield content
