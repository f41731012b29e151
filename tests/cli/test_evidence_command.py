"""``rpa evidence verify``: intact or not, with exit codes for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rpa.cli.main import main
from rpa.evidence.verify import close
from tests.cli.conftest import Rpa


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """A closed batch with one file."""
    folder = tmp_path / "六月 批次" / "某公司"
    folder.mkdir(parents=True)
    (folder / "01_登录.jpg").write_bytes(b"picture")
    close(folder.parent)
    return folder.parent


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_intact(encoding: str, rpa: Rpa, batch: Path) -> None:
    done = rpa("evidence", "verify", batch, encoding=encoding)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("证据完好")


def test_altered_and_added(batch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (batch / "某公司" / "01_登录.jpg").write_bytes(b"another")
    (batch / "多余.txt").write_bytes(b"")
    assert main(["evidence", "verify", str(batch)]) == 1
    shown = capsys.readouterr().out
    assert "被改动：某公司/01_登录.jpg" in shown
    assert "多出：多余.txt" in shown
    assert main(["evidence", "verify", str(batch), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "wengang-rpa/evidence/1"
    assert document["intact"] is False
    assert {problem["trouble"] for problem in document["problems"]} == {"altered", "added"}


@pytest.mark.parametrize("name", ["没有", "空的"])
def test_a_folder_that_is_no_evidence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "空的").mkdir()
    assert main(["evidence", "verify", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.startswith("错误：")
