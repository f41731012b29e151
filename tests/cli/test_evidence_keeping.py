"""``rpa evidence stamp``, ``encrypt``, ``decrypt``, ``key``, ``purge``: as an operator gives them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyrage.x25519 import Identity

from rpa.cli.main import main
from rpa.evidence.bag.manifests import TIMESTAMP
from rpa.evidence.bag.seal import unseal
from rpa.evidence.bag.verify import verify
from rpa.evidence.files import payload
from rpa.evidence.keeping.purge import DueBatch, find_due
from rpa.filing import Outcome, Verdict
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import load_settings
from tests.evidence.test_purge import CUT, sealed, there
from tests.ledger.builders import filed, open_batch, planned
from tests.support.authority import Authority, Server, serving


@pytest.fixture
def bag(home: Path) -> Path:
    """An old batch, where this machine keeps its evidence."""
    return sealed(home / "evidence" / "B20240101-1")


@pytest.fixture
def server(authority: Authority, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """An authority that the settings name and trust."""
    with serving(authority) as one:
        monkeypatch.setenv("RPA_EVIDENCE__TIMESTAMP_URL", one.url)
        monkeypatch.setenv("RPA_EVIDENCE__TIMESTAMP_ROOTS", str(authority.roots))
        yield one


class Told:
    """What the commands print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def run(self, *words: str) -> int:
        """Run ``rpa evidence …``; its exit code."""
        self._capsys.readouterr()
        code = main(["evidence", *words])
        self.out, self.err = self._capsys.readouterr()
        return code

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def evidence(capsys: pytest.CaptureFixture[str]) -> Told:
    return Told(capsys)


def typed(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person at a terminal who types this."""
    terminal = io.StringIO(text)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)


def test_encrypted_and_decrypted(bag: Path, evidence: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    safe = Identity.generate()
    monkeypatch.setenv("RPA_EVIDENCE__ENCRYPT_TO", json.dumps([str(safe.to_public())]))
    before = there(bag)
    assert evidence.run("encrypt", bag.name.lower()) == 0
    assert evidence.out.startswith("已加密并核对")
    assert "已生成证据密钥" in evidence.err
    assert not bag.exists()
    assert evidence.run("encrypt", bag.name, "--json") == 0
    assert evidence.json["file"] == f"{bag}.zip.age"
    assert evidence.json["key_made"] is False
    assert evidence.run("verify", bag.name) == 2, "intact, without proof of time"
    assert evidence.run("decrypt", f"{bag}.zip.age") == 0
    assert there(bag) == before
    assert evidence.run("encrypt", str(bag)) == 0
    (bag.parents[1] / "evidence.key").write_text(str(Identity.generate()))
    assert evidence.run("decrypt", bag.name) == 2
    assert "本机没有它的密钥" in evidence.err
    (bag.parents[1] / "evidence.key").write_text(str(safe))
    assert evidence.run("decrypt", bag.name, "--json") == 0
    assert evidence.json["bag"] == str(bag)


@pytest.mark.parametrize("command", ["encrypt", "purge"])
def test_a_batch_that_is_being_worked_on(command: str, home: Path, tmp_path: Path, evidence: Told) -> None:
    """Sealed it may be meanwhile, as after a rpa results."""
    with Ledger.of(load_settings()) as ledger:
        batch = open_batch(ledger, tmp_path)
        planned(ledger, batch)
    bag = sealed(home / "evidence" / batch.id)
    before = there(bag)
    if command == "encrypt":
        assert evidence.run("encrypt", batch.id) == 2
    else:
        assert evidence.run("purge", "--older-than", "2y", "--yes") == 1
    assert "没办完的户" in evidence.err
    assert there(bag) == before


def test_what_is_still_to_be_looked_up_is_not_purged(home: Path, tmp_path: Path, evidence: Told) -> None:
    """Whether it was submitted is an open question, and its pictures help to answer it."""
    with Ledger.of(load_settings()) as ledger:
        batch = open_batch(ledger, tmp_path)
        (ticket,) = planned(ledger, batch)
        filed(ledger, ticket, Outcome(Verdict.UNCONFIRMED, "没有查到"))
        assert not ledger.counts.unfinished(batch.id)
    bag = sealed(home / "evidence" / batch.id)
    before = there(bag)
    assert evidence.run("purge", "--older-than", "2y", "--yes") == 1
    assert f"还有 1 户待核实：先用 rpa reconcile {batch.id} 核实" in evidence.err
    assert there(bag) == before


def test_the_key(home: Path, evidence: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    assert evidence.run("key", "--json") == 0
    public = evidence.json["recipient"]
    assert public.startswith("age1")
    assert evidence.run("key") == 0
    assert evidence.out == f"公钥：{public}\n"
    assert evidence.run("key", "--secret") == 2
    for answer in ("no\n", ""):
        typed(answer, monkeypatch)
        assert evidence.run("key", "--secret") == 2
        assert "AGE-SECRET" not in evidence.out + evidence.err
    typed("yes\n", monkeypatch)
    assert evidence.run("key", "--secret") == 0
    secret = evidence.out.split("私钥：")[1].strip()
    assert str(Identity.from_str(secret).to_public()) == public
    assert secret in (home / "evidence.key").read_text()


def test_purged(bag: Path, evidence: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    before = there(bag)
    sealed(bag.with_name("B20240202-2"))
    (bag.parent / "B3.zip.age").write_bytes(b"")
    purge = ("purge", "--older-than", "2y", "--batch", bag.name.lower())
    typed("no\n", monkeypatch)
    assert evidence.run(*purge) == 0
    assert "不能恢复" in evidence.err
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert evidence.run(*purge) == 2, "nobody to ask"
    assert evidence.run(*purge, "--json") == 2
    assert evidence.run(*purge, "--json", "--dry-run") == 0
    assert (evidence.json["purged"], [one["batch"] for one in evidence.json["due"]]) == (False, [bag.name])
    assert there(bag) == before
    typed("yes\n", monkeypatch)
    assert evidence.run(*purge) == 0
    assert bag.name in evidence.out
    assert "B20240202-2" not in evidence.out
    assert f"已清除：{bag.name}" in evidence.err
    assert len(there(bag)) < len(before)
    assert evidence.run("verify", bag.name) == 2
    assert "4 个文件已按期清除" in evidence.out
    assert evidence.run("purge", "--older-than", "9y", "--dry-run") == 0
    assert "没有可以清除的批次" in evidence.out
    assert "已加密、没有查看：B3" in evidence.err


def test_altered_evidence_is_not_purged(bag: Path, evidence: Told) -> None:
    (due,) = find_due(bag.parent, CUT)
    assert isinstance(due, DueBatch)
    (payload(bag) / due.files[0]).write_bytes(b"x")
    assert evidence.run("purge", "--older-than", "24m", "--yes", "--json") == 1
    assert "已被改动" in evidence.json["spared"][0]["why"]
    assert (payload(bag) / due.files[1]).exists()
    assert evidence.run("purge", "--older-than", "soon") == 2
    assert evidence.run("purge", "--older-than", "2y", "--batch", "B9") == 2
    assert "没有这个批次的证据：B9" in evidence.err


def test_stamped(bag: Path, evidence: Told, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.trouble = "500"
    assert evidence.run("stamp", bag.name) == 2
    assert "HTTP 500" in evidence.err
    server.trouble = ""
    assert evidence.run("stamp", bag.name) == 0
    assert evidence.out.startswith("已加时间戳：北京时间 ")
    assert evidence.run("verify", bag.name) == 0
    assert evidence.run("stamp", str(bag), "--json") == 0
    assert (evidence.json["proven"], evidence.json["asked"], server.asked) == (True, False, 2)
    first = (bag / TIMESTAMP).read_bytes()
    with monkeypatch.context() as others:
        others.delenv("RPA_EVIDENCE__TIMESTAMP_ROOTS")  # the system trusts others
        assert evidence.run("stamp", bag.name) == 1
        assert "不在受信任的根证书之列" in evidence.out
    assert (bag / TIMESTAMP).read_bytes() == first, "it may prove something yet"
    assert evidence.run("purge", "--older-than", "2y", "--yes") == 0, evidence.err
    assert (bag / "seals" / "0001" / TIMESTAMP).read_bytes() == first
    assert verify(bag, roots=[server.authority.root.certificate]).time.proven, "the new seal has its own"
    unseal(bag)
    assert evidence.run("stamp", bag.name) == 2
    assert "不是封存好的" in evidence.err
