"""Retention: files go, hashes stay, nothing goes that must not, and a kill in between loses nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from rpa.errors import UserError
from rpa.evidence import audit
from rpa.evidence.audit import AuditTrail, read_lines
from rpa.evidence.bag.chronicle import PURGED
from rpa.evidence.bag.seal import seal, unseal
from rpa.evidence.bag.verify import verify
from rpa.evidence.files import AUDIT, RESULTS, china_now, payload, sha256
from rpa.evidence.keeping.purge import DueBatch, Spared, encrypted, find_due, moment_before, purge
from rpa.filing import CHINA
from tests.evidence.recorded import filing, record
from tests.support.killing import Case, killed_everywhere

OLD = china_now().replace(microsecond=0) - timedelta(days=800)
CUT = china_now() - timedelta(days=730)


def sealed(bag: Path, at: datetime = OLD) -> Path:
    """A batch of one employer, recorded and sealed at a time."""
    with pytest.MonkeyPatch.context() as then:
        then.setattr(audit, "china_now", lambda: at)
        record(bag, filing())
        (payload(bag) / RESULTS).write_bytes(b"PK results")
        seal(bag)
    return bag


@pytest.fixture
def bag(batch: Path) -> Path:
    return sealed(batch)


def the_one(bag: Path) -> DueBatch | Spared:
    (found,) = find_due(bag.parent, CUT)
    return found


def gone(bag: Path) -> None:
    due = the_one(bag)
    assert isinstance(due, DueBatch)
    purge(due, who="王经办", policy="保存期限 2y")


def there(bag: Path) -> Mapping[str, str]:
    """Every file of the payload with its hash."""
    data = payload(bag)
    files = (one for one in data.rglob("*") if one.is_file())
    return {one.relative_to(data).as_posix(): sha256(one.read_bytes()) for one in files}


def test_files_go_and_hashes_stay(bag: Path) -> None:
    before = there(bag)
    due = the_one(bag)
    assert isinstance(due, DueBatch)
    going = sorted(name for name in before if name == RESULTS or name.endswith((".jpg", ".pdf")))
    assert (due.bag, due.newest, list(due.files)) == (
        bag,
        OLD,
        going,
    )
    assert due.size == sum((payload(bag) / name).stat().st_size for name in going)
    gone(bag)
    assert there(bag).keys() == before.keys() - set(going)
    lines = list(read_lines((payload(bag) / AUDIT).read_bytes()))
    said = [line.facts for line in lines if line.event == PURGED]
    rule = {"who": "王经办", "policy": "保存期限 2y"}
    assert said == [{"file": name, "sha256": before[name], **rule} for name in going]
    verification = verify(bag, roots=[])
    assert (verification.intact, verification.sealed, verification.purged) == (True, True, len(going))
    assert find_due(bag.parent, CUT) == [], "nothing is left to purge"
    assert [one.name for one in bag.parent.iterdir() if one.name.endswith("purging")] == []
    (payload(bag) / AUDIT).parent.joinpath(going[0]).write_bytes(b"x")
    assert not verify(bag, roots=[]).intact, "what was purged does not come back as something else"


def purging(folder: Path) -> Case:
    """Killed in the middle, it goes on: each file's hash stands in the chain, once, before the file goes."""
    bag = sealed(folder / "B1")
    before = there(bag)

    def check() -> None:
        lines = [json.loads(row) for row in (payload(bag) / AUDIT).read_bytes().split(b"\n")[:-1]]
        said = {line["facts"]["file"]: line["facts"]["sha256"] for line in lines if line["event"] == PURGED}
        for name in before.keys() - there(bag).keys():
            assert said[name] == before[name]
        for found in find_due(bag.parent, CUT):
            assert isinstance(found, DueBatch), found
            purge(found, who="李雷", policy="保存期限 2y")
        verification = verify(bag, roots=[])
        assert (verification.problems, verification.sealed, verification.purged) == ((), True, 4)
        lines = [json.loads(row) for row in (payload(bag) / AUDIT).read_bytes().splitlines()]
        assert sum(line["event"] == PURGED for line in lines) == 4
        assert not list(bag.parent.glob(".*purging"))

    return Case(lambda: gone(bag), check)


def test_killed_at_any_moment(tmp_path: Path) -> None:
    assert killed_everywhere(purging, tmp_path) > 20


def test_what_is_not_touched(bag: Path) -> None:
    before = there(bag)
    assert find_due(bag.parent, OLD) == [], "as old as allowed"
    assert find_due(bag.parent, CUT, only=["B1"]) == []
    (busy,) = find_due(bag.parent, CUT, keep=lambda one: "还有没办完的户" if one == bag.name else "")
    assert busy == Spared(bag, "还有没办完的户")
    due = the_one(bag)
    assert isinstance(due, DueBatch)
    picture = payload(bag) / due.files[0]
    content = picture.read_bytes()
    picture.write_bytes(b"another")
    with pytest.raises(UserError, match="已被改动"):  # altered between the question and the answer
        purge(due, who="王经办", policy="2y")
    altered = the_one(bag)
    assert isinstance(altered, Spared)
    assert f"已被改动（被改动：data/{due.files[0]}" in altered.why
    picture.write_bytes(content)
    unseal(bag)
    unsealed = the_one(bag)
    assert isinstance(unsealed, Spared)
    assert "没有封存" in unsealed.why
    assert there(bag) == before


def test_the_newest_line_counts(bag: Path) -> None:
    """One filing was looked up again later."""
    with AuditTrail(next(payload(bag).glob(f"*/{AUDIT}"))) as trail:
        trail.append("读取办理状态")
    seal(bag)
    assert find_due(bag.parent, CUT) == []


def test_other_things_in_the_folder(bag: Path) -> None:
    root = bag.parent
    (root / "B1.zip.age").write_bytes(b"age-encryption.org/v1")
    (root / ".B2.removed" / "data").mkdir(parents=True)
    (root / "notes").mkdir()
    (root / "empty" / "data").mkdir(parents=True)
    assert [one.bag for one in find_due(root, CUT)] == [bag]
    assert encrypted(root) == ["B1"]
    assert find_due(root / "none", CUT) == []


def test_ages() -> None:
    now = datetime(2026, 3, 31, 12, tzinfo=CHINA)
    for age, then in (
        ("730d", datetime(2024, 3, 31, 12, tzinfo=CHINA)),
        ("1m", datetime(2026, 2, 28, 12, tzinfo=CHINA)),
        ("3M", datetime(2025, 12, 31, 12, tzinfo=CHINA)),
        ("25m", datetime(2024, 2, 29, 12, tzinfo=CHINA)),
        ("2y", datetime(2024, 3, 31, 12, tzinfo=CHINA)),
    ):
        assert moment_before(age, now) == then, age
    for wrong in ("", "730", "0d", "-1d", "2w", "1.5y", "99999y", "99999m", "d"):
        with pytest.raises(UserError, match="保存期限"):
            moment_before(wrong, now)
