"""The tables of the performance page are written by the benches."""

import pytest

from tests.bench.__main__ import BENCHES, main
from tests.bench.figure import Figure
from tests.bench.markdown import PAGE, replaced, table


@pytest.mark.parametrize("name", BENCHES)
def test_every_bench_has_its_place_on_the_page(name: str) -> None:
    page = PAGE.read_text("utf-8")

    assert f"<!-- bench {name} -->\n" in page


def test_a_table_takes_the_place_of_the_last_one() -> None:
    page = "above\n<!-- bench a -->\nold\n<!-- end -->\nbelow\n"

    found = replaced(page, "a", "new\n")

    assert found == "above\n<!-- bench a -->\n\nnew\n\n<!-- end -->\nbelow\n"
    with pytest.raises(ValueError, match="no '<!-- bench b -->'"):
        replaced(page, "b", "new\n")


def test_a_peer_stands_beside_with_its_ratio() -> None:
    rows = table([Figure("x", "ms", [2, 1, 4], "them 1.0", 2.5)]).splitlines()

    assert rows[-1] == "| x | 2 | 1 | 4 | ms | them 1.0: 2.5x |"


def test_an_unknown_bench_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grpah"]) == 2
    assert "graph" in capsys.readouterr().err
