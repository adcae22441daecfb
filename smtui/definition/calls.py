"""The actions a statechart asks for, wherever they stand."""

from collections.abc import Iterator

from smtui.definition.content import Block, Call, ForEach, If
from smtui.definition.tree import TreeDefinition

__all__ = ["calls_in"]


def calls_in(definition: TreeDefinition) -> Iterator[Call]:
    """Yield every action, those in branches too, in the definition's order."""
    for node in definition.nodes:
        for block in (*node.entry, *node.exit):
            yield from _calls(block)
    for arrow in definition.arrows:
        yield from _calls(arrow.content)


def _calls(block: Block) -> Iterator[Call]:
    for content in block:
        match content:
            case Call():
                yield content
            case If(branches=branches):
                for branch in branches:
                    yield from _calls(branch.block)
            case ForEach(block=inner):
                yield from _calls(inner)
            case _:
                pass
