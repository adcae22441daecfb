"""Files that change wake who watches."""

import asyncio
from pathlib import Path

from smtui.supervisor.watch import Watch


async def test_writes_moves_and_removals_are_seen_below_no_folder(
    tmp_path: Path,
) -> None:
    seen: asyncio.Queue[Path] = asyncio.Queue()
    watch = Watch(seen.put_nowait)
    watch.add(tmp_path)
    watch.add(tmp_path)
    watch.add(tmp_path / "gone")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "x").write_text("not seen")
    (tmp_path / "a.yaml").write_text("1")
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    (tmp_path / "b.yaml").unlink()

    names: list[str] = []
    async with asyncio.timeout(10):
        while len(names) < 4:
            names.append((await seen.get()).name)
    watch.close()
    assert names == ["a.yaml", "a.yaml", "b.yaml", "b.yaml"]
