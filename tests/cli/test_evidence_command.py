"""``rpa evidence verify``: intact or not, with exit codes for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rpa.cli.main import main
from rpa.evidence.bag.seal import seal
from tests.cli.conftest import Rpa
from tests.evidence.recorded import filing, record


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """A sealed batch."""
    bag = tmp_path / "六月 批次"
    record(bag, filing(1))
    seal(bag)
    return bag


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_intact_without_a_proof_of_time(encoding: str, rpa: Rpa, batch: Path) -> None:
    done = rpa("evidence", "verify", batch, encoding=encoding)
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith("证据完好")
    assert "时间未证明：没有时间戳" in done.stdout


def test_altered_and_added(batch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = next(batch.rglob("*.jpg"))
    picture.write_bytes(b"another")
    (batch / "多余.txt").write_bytes(b"")
    assert main(["evidence", "verify", str(batch), "--every-hash"]) == 1
    shown = capsys.readouterr().out
    assert f"被改动：{picture.relative_to(batch).as_posix()}" in shown
    assert "多出：多余.txt" in shown
    assert main(["evidence", "verify", str(batch), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "wengang-rpa/evidence/1"
    assert (document["standing"], document["intact"], document["sealed"]) == ("altered", False, True)
    assert {problem["trouble"] for problem in document["problems"]} == {"altered", "added"}


@pytest.mark.parametrize("name", ["没有", "空的", "坏的.zip"])
def test_what_is_no_evidence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "空的").mkdir()
    (tmp_path / "坏的.zip").write_bytes(b"PK")
    assert main(["evidence", "verify", str(tmp_path / name)]) == 3
    assert capsys.readouterr().err.startswith("错误：")
