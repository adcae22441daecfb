"""Where everything stands along the flow: layers, channels, and paths of lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from smtui.view.graph.route import Piece, Track, route
from smtui.view.graph.sheet import HI, LO, Chain, Is, Item, Sheet

__all__ = ["Flow", "flow_of"]


@dataclass(slots=True)
class Flow:
    """A sheet's extent along the flow, and the paths of its hops."""

    starts: list[int]
    """Where each layer begins."""
    ahead: list[int]
    """Cells of each layer before its boxes, for stubs."""
    length: int
    span: tuple[int, int]
    """The first cross coordinate used, and the last."""
    paths: list[list[tuple[int, int]]]
    """For each chain its corners (flow, cross), from upper to lower end."""

    def box_start(self, sheet: Sheet, index: int) -> int:
        """Return where the frame of a box begins."""
        layer = sheet.items[index].layer
        return self.starts[layer] + self.ahead[layer]


@dataclass(slots=True)
class _Channel:
    """The pieces between a layer and the next, and their tracks."""

    pieces: list[Piece]
    by_link: dict[int, int]
    by_chain: dict[int, int]
    rows: int = 0
    tracks: Sequence[tuple[Track, ...]] = ()


def flow_of(sheet: Sheet, least: int = 0) -> Flow:
    """Route all channels of a placed sheet and stack its layers.

    `least` is the least extent; what is missing goes before the last layer.
    """
    channels = _channels(sheet)
    for channel in channels:
        channel.rows, channel.tracks = route(channel.pieces)
    lengths = [_length(sheet, number) for number in range(len(sheet.layers))]
    starts: list[int] = []
    at = 0
    for number, length in enumerate(lengths):
        starts.append(at)
        at += length + (channels[number].rows if number < len(channels) else 0)
    missing = max(0, least - at)
    starts[-1] += missing
    flow = Flow(starts, _ahead(sheet), at + missing, _span(sheet, channels), [])
    for number, chain in enumerate(sheet.chains):
        flow.paths.append(_path(sheet, flow, channels, number, chain))
    return flow


def _channels(sheet: Sheet) -> list[_Channel]:
    channels = [_Channel([], {}, {}) for _ in sheet.layers[:-1]]
    for number, link in enumerate(sheet.links):
        upper, lower = sheet.items[link.upper], sheet.items[link.lower]
        channel = channels[upper.layer]
        channel.by_link[number] = len(channel.pieces)
        channel.pieces.append(
            Piece(_column(upper, HI, link.line), _column(lower, LO, link.line))
        )
    for number, chain in enumerate(sheet.chains):
        if chain.turn > 0:
            down, up = (sheet.items[i] for i in chain.items[1:3])
            channel = channels[down.layer]
            channel.by_chain[number] = len(channel.pieces)
            channel.pieces.append(Piece(down.pos, up.pos, is_turn=True))
    return channels


def _column(item: Item, side: int, line: int) -> int:
    return item.pos + (item.ports[side][line] if item.block else 0)


def _ahead(sheet: Sheet) -> list[int]:
    found: list[int] = []
    for layer in sheet.layers:
        blocks = (sheet.items[i].block for i in layer)
        found.append(max((block.ahead for block in blocks if block), default=0))
    return found


def _length(sheet: Sheet, number: int) -> int:
    """Return the flow cells of a layer."""
    layer = [sheet.items[i] for i in sheet.layers[number]]
    last = len(sheet.layers) - 1
    if number in {0, last}:
        return 0 if sheet.container is None else 1
    if number % 2 == 0:
        ahead = max((item.block.ahead for item in layer if item.block), default=0)
        return ahead + max(
            (item.length for item in layer if item.block or item.what is Is.NOTE),
            default=0,
        )
    labels = max((item.length for item in layer if item.what is Is.LABEL), default=0)
    if number in {1, last - 1}:
        is_free = sheet.container is None or sheet.is_parallel
        return max(labels, 0 if is_free else sheet.spacing.inset)
    return max(labels, sheet.spacing.bare if layer else 0)


def _span(sheet: Sheet, channels: Sequence[_Channel]) -> tuple[int, int]:
    lows = [item.pos for item in sheet.items]
    highs = [item.pos + item.size - 1 for item in sheet.items]
    for channel in channels:
        for tracks in channel.tracks:
            for track in tracks:
                lows.append(min(track.start, track.end))
                highs.append(max(track.start, track.end))
    return min(lows, default=0), max(highs, default=0)


def _path(
    sheet: Sheet, flow: Flow, channels: Sequence[_Channel], number: int, chain: Chain
) -> list[tuple[int, int]]:
    """Return the corners of a chain, its ends on the borders of its boxes."""
    line, items = chain.hop.line, chain.items
    turn = chain.turn if chain.turn > 0 else len(items)
    points = [_end(sheet, flow, items[0], HI, line)]
    for step, (here, there) in enumerate(pairwise(items)):
        is_back = step + 1 > turn
        upper, lower = (there, here) if is_back else (here, there)
        layer = sheet.items[upper].layer
        channel = channels[layer]
        if step + 1 == turn:
            piece = channel.by_chain[number]
        else:
            piece = channel.by_link[sheet.link_between(upper, lower, line)]
        top = flow.starts[layer + 1] - channel.rows
        corners = [
            (top + track.row, column)
            for track in channel.tracks[piece]
            for column in (track.start, track.end)
        ]
        points += reversed(corners) if is_back else corners
    side = HI if chain.turn > 0 else LO
    points.append(_end(sheet, flow, items[-1], side, line))
    return points


def _end(sheet: Sheet, flow: Flow, index: int, side: int, line: int) -> tuple[int, int]:
    """Return the border cell of the item at one end of a chain."""
    item = sheet.items[index]
    if item.block is None:
        return flow.starts[item.layer], item.pos
    start = flow.box_start(sheet, index)
    at = start if side == LO else start + item.block.length - 1
    return at, item.pos + item.ports[side][line]
