"""One measured figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from smtui.definition import Json

__all__ = ["Figure"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A name, its unit, and every value that was measured."""

    name: str
    unit: str
    values: Sequence[float]
    peer: str = ""
    """Whose figure it is, with its version, where it is not ours."""
    ratio: float | None = None
    """Of a peer: its median over ours in the same run."""

    def document(self) -> dict[str, Json]:
        """Return the line that is printed; `value` is the median."""
        middle = round(median(self.values), 3)
        return {
            "name": self.name,
            "value": middle,
            "unit": self.unit,
            "n": len(self.values),
            "min": round(min(self.values), 3),
            "median": middle,
            "max": round(max(self.values), 3),
            **({"peer": self.peer, "ratio": self.ratio} if self.peer else {}),
        }
