"""Sealing: repeatable, refereed by ``bagit``, and safe to be killed at any moment."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bagit
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from rpa.evidence.audit import AuditTrail, read_lines
from rpa.evidence.bag import seal as sealing
from rpa.evidence.bag.chronicle import PERSON
from rpa.evidence.bag.manifests import MANIFEST, TAG_MANIFEST, TIMESTAMP
from rpa.evidence.bag.seal import LeakError, rewrite, seal, unseal
from rpa.evidence.bag.verify import verify
from rpa.evidence.files import payload
from rpa.ledger.data.batches import Action
from rpa.privacy.masks import register_secret
from tests.evidence.recorded import JPEG, content, filing, record

ACTIONS = (
    Action(datetime(2026, 11, 22, 1, tzinfo=UTC), "王芳", "登记批次，待办理 2 户", "B20261122-1", None),
    Action(datetime(2026, 11, 22, 2, tzinfo=UTC), "李雷", "暂停批次", "B20261122-1", None),
)
FACTS = st.recursive(
    st.text() | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcdefghijklmnopqrstuvwxyz_"), inner, max_size=3)
    ),
    max_leaves=8,
)


def chain(batch: Path) -> list[dict[str, Any]]:
    data = (payload(batch) / "audit.jsonl").read_bytes()
    assert list(read_lines(data))
    return [json.loads(row) for row in data.splitlines()]


def test_bagit_holds_it_to_be_a_bag(batch: Path, employer: Path) -> None:
    seal(batch)
    bag = bagit.Bag(str(batch))
    assert len(bag.payload_entries()) == 10
    assert bag.is_valid()
    assert bag.version_info == (1, 0)
    assert bag.info["External-Identifier"] == batch.name
    (employer / "01_登录单位网厅.jpg").write_bytes(b"another")
    assert not bagit.Bag(str(batch)).is_valid()


def test_the_chain_covers_every_line_every_picture_and_every_person(batch: Path, employer: Path) -> None:
    (employer / "09_没有记录.jpg").write_bytes(JPEG)
    seal(batch, actions=ACTIONS)
    lines = chain(batch)
    files = {line["facts"]["file"] for line in lines if "file" in line["facts"]}
    data = payload(batch)
    there = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    assert files == {name for name in there if not name.endswith("audit.jsonl")}
    assert sum("line_sha256" in line["facts"] for line in lines) == 2 * 7
    assert [line["facts"]["who"] for line in lines if line["event"] == PERSON] == ["王芳", "李雷"]
    moments = [line["facts"]["at"] for line in lines if "at" in line["facts"]]
    assert moments == sorted(moments)


def test_sealed_again_nothing_changes(batch: Path, employer: Path) -> None:
    seal(batch, actions=ACTIONS)
    before, written = content(batch), (batch / TAG_MANIFEST).stat().st_mtime_ns
    seal(batch, actions=ACTIONS)
    assert content(batch) == before
    assert (batch / TAG_MANIFEST).stat().st_mtime_ns == written


def test_a_batch_that_goes_on_is_sealed_again(batch: Path, employer: Path) -> None:
    seal(batch, actions=ACTIONS[:1])
    earlier = (payload(batch) / "audit.jsonl").read_bytes()
    record(batch, filing(3))
    record(batch, filing(1))
    assert not verify(batch, roots=[]).sealed, "whoever records takes the seal away"
    (batch / ".index.html.abc").write_bytes(b"left by a crash")
    (payload(batch) / ".results.xlsx.abc").write_bytes(b"left by a crash")
    seal(batch, actions=ACTIONS)
    assert verify(batch, roots=[]).intact
    assert (payload(batch) / "audit.jsonl").read_bytes().startswith(earlier)
    assert not [*batch.glob(".*"), *payload(batch).glob(".*")]


def test_what_changes_nothing_leaves_the_seal(batch: Path, employer: Path) -> None:
    rewrite(batch, "results.xlsx", b"results")
    seal(batch)
    rewrite(batch, "results.xlsx", b"results")
    assert verify(batch, roots=[]).sealed
    rewrite(batch, "results.xlsx", b"other results")
    assert not verify(batch, roots=[]).sealed
    seal(batch)
    assert verify(batch, roots=[]).intact


def test_an_older_versions_evidence_becomes_a_bag(batch: Path, employer: Path) -> None:
    older = batch.with_name("older")
    payload(batch).rename(older)
    shutil.rmtree(batch)
    older.rename(batch)
    (batch / MANIFEST).write_text("an older one's", encoding="utf-8")
    record(batch, filing(1))
    seal(batch)
    assert verify(batch, roots=[]).intact
    assert len(list(employer.glob("*.jpg"))) == 4
    assert not list(batch.parent.glob(".*.moving"))


def test_a_timestamped_seal_is_kept_beside(batch: Path, employer: Path) -> None:
    seal(batch)
    (batch / TIMESTAMP).write_bytes(b"token")
    tags = (batch / TAG_MANIFEST).read_bytes()
    unseal(batch)
    record(batch, filing(3))
    seal(batch)
    earlier = batch / "seals" / "0001"
    assert (earlier / TIMESTAMP).read_bytes() == b"token"
    assert (earlier / TAG_MANIFEST).read_bytes() == tags
    assert (earlier / MANIFEST).is_file()
    assert verify(batch, roots=[]).intact
    (earlier / MANIFEST).write_bytes(b"")
    assert not verify(batch, roots=[]).intact


def test_a_secret_or_a_whole_id_number_is_refused(batch: Path, employer: Path) -> None:
    (payload(batch) / "index.html").write_text("<p>k7Qw!zP9</p>", encoding="utf-8")
    register_secret("k7Qw!zP9")
    with pytest.raises(LeakError, match=r"index\.html") as refused:
        seal(batch)
    assert "k7Qw!zP9" not in str(refused.value)
    assert not verify(batch, roots=[]).sealed
    (payload(batch) / "index.html").write_text("\n<p>证件号码 11010519491231002X</p>", encoding="utf-8")
    with pytest.raises(LeakError, match="第 2 行") as refused:
        seal(batch)
    assert "11010519491231002X" not in str(refused.value)
    (payload(batch) / "index.html").write_text("<p>11010519491231002A</p>", encoding="utf-8")
    seal(batch)
    with pytest.raises(LeakError):
        seal(batch, secrets=["11010519491231002A"])


def test_a_file_that_grows_meanwhile_is_not_sealed_half(
    batch: Path, employer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when another worker takes up a filing of the batch in that very moment."""
    hashed = sealing._payload_sums

    def recording(bag: Path) -> Any:
        sums = hashed(bag)
        if not (employer / "99.jpg").exists():
            (employer / "99.jpg").write_bytes(JPEG)
        return sums

    monkeypatch.setattr(sealing, "_payload_sums", recording)
    seal(batch)
    assert verify(batch, roots=[]).intact


@given(FACTS, st.text())
def test_lines_are_canonical_as_rfc_8785_says(facts: Any, event: str) -> None:
    from rpa.evidence.audit import _canonical  # noqa: PLC0415

    line: Any = {"event": event, "facts": {"a": facts}, "seq": 1}
    try:
        expected = rfc8785.dumps(line)
    except (UnicodeEncodeError, rfc8785.CanonicalizationError):  # half a surrogate
        return
    assert _canonical(line) == expected


_WORK = """
import sys
from pathlib import Path
from rpa.evidence.bag.seal import rewrite, seal, unseal
from tests.evidence.recorded import filing, record
bag = Path(sys.argv[1])
for number in range(10_000):
    record(bag, filing(number % 7))
    rewrite(bag, "index.html", f"<p>{number}".encode())
    seal(bag)
    print("sealed", flush=True)
"""


def test_killed_at_any_moment_it_is_intact_or_goes_on(batch: Path) -> None:
    chance = random.Random(6)
    for _ in range(6):
        work = subprocess.Popen([sys.executable, "-c", _WORK, str(batch)], stdout=subprocess.PIPE)
        assert work.stdout is not None
        for _ in range(chance.randrange(1, 5)):
            assert work.stdout.readline() == b"sealed\n"
        time.sleep(chance.uniform(0.0, 0.1))  # somewhere in the next round, whichever moment that is
        work.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        work.wait()
        work.stdout.close()
        seen = (
            verify(batch, roots=[]) if payload(batch).is_dir() and any(batch.rglob("audit.jsonl")) else None
        )
        if seen is not None and seen.sealed:
            assert seen.problems == ()
        seal(batch)
        sealed = verify(batch, roots=[])
        assert (sealed.sealed, sealed.problems) == (True, ())
    assert len(chain(batch)) > 50
    with AuditTrail(payload(batch) / "audit.jsonl") as whole:
        whole.check()
