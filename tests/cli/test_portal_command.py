"""``rpa portal serve``: the mock portal for a person."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from itertools import takewhile
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from rpa.cli.main import main
from rpa.workbook.samples import sample_rows
from rpa.workbook.template import write_sample
from tests.cli.conftest import Rpa


@pytest.mark.parametrize(
    ("province", "edition", "employers"), [("河南", "2024", 3), ("henan", "2023", 3), ("广东", "2024", 2)]
)
def test_it_serves_the_employers_of_a_workbook(
    province: str, edition: str, employers: int, environment: dict[str, str], tmp_path: Path
) -> None:
    rows = [*sample_rows(3, 2024), *sample_rows(2, 2024, portal="广东")]
    seed = write_sample(tmp_path / "批 次.xlsx", rows)
    options = [province, "--edition", edition, "--port", "0", "--seed", str(seed), "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "rpa", "portal", "serve", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as serving:
        assert serving.stdout is not None
        lines = iter(serving.stdout.readline, "")
        document = json.loads("".join([*takewhile(lambda line: line != "}\n", lines), "}"]))
        assert document["schema"] == "wengang-rpa/portal/1"
        assert document["employers"] == employers
        assert len(document["extra_urls"]) == 2 * (document["portal"] == "guangdong")
        with urlopen(f"{document['url']}/__mock__/hello") as answer:
            hello = json.load(answer)
        state = Request(f"{document['url']}/__mock__/state", headers={"X-Mock-Token": document["token"]})
        with urlopen(state) as answer:
            known = json.load(answer)["employers"]
        os.kill(serving.pid, signal.SIGINT)
        _, messages = serving.communicate(timeout=100)
    assert (hello["mock"], hello["edition"]) == ("wengang-mock-portal", edition)
    assert len(known) == employers
    assert serving.returncode == 0
    assert messages == "按 Ctrl+C 停止。\n已停止。\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["湖南"], "没有平台“湖南”的模拟平台"),
        (["广东", "--edition", "2023"], "广东的模拟平台没有 2023 版"),
        (["河南", "--look", "新"], "河南的模拟平台没有页面样式“新”，可以是：classic、spa"),
        (["广东", "--look", "新"], "广东的模拟平台没有页面样式“新”，可以是：classic、spa"),
    ],
)
def test_what_is_not_there_to_serve_is_told(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["portal", "serve", "--port", "0", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_seed_without_employers_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed = tmp_path / "单位.json"
    seed.write_text('[{"name": "无代码"}]', encoding="utf-8")
    assert main(["portal", "serve", "--port", "0", "--seed", str(seed)]) == 2
    assert "读不出单位" in capsys.readouterr().err


def test_a_port_in_use_is_told(rpa: Rpa) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = rpa("portal", "serve", "--port", port)
    assert done.returncode == 2
    assert f"错误：端口 {port} 用不了" in done.stderr
