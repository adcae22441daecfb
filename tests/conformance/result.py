"""What a runner of any suite gives: a line a case and a closing line."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["CaseResult", "report"]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went."""

    id: str
    word: Literal["ok", "FAIL", "skip"]
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.word} {self.id}" + (f": {self.detail}" if self.detail else "")


def report(results: Iterable[CaseResult]) -> int:
    """Print the results as they come; return 0 only if nothing failed."""
    count = {"ok": 0, "FAIL": 0, "skip": 0}
    for result in results:
        count[result.word] += 1
        print(result, flush=True)  # noqa: T201 - this is a command
    print(  # noqa: T201 - this is a command
        f"{count['ok']} passed, {count['FAIL']} failed, {count['skip']} skipped"
    )
    return 1 if count["FAIL"] else 0
