"""``rpa evidence share``: whose evidence, from which batch, and what is said about it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from rpa.cli.evidence.share import choose
from rpa.cli.main import main
from rpa.engine.operations.portal_names import portal_name
from rpa.errors import UserError
from rpa.evidence.bag.seal import is_sealed
from rpa.evidence.bag.verify import verify
from rpa.evidence.files import folder_name
from rpa.evidence.recorder import Recorder
from rpa.filing import Filing, Outcome, Record, Verdict
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import load_settings
from tests.evidence.recorded import filing, leave_file
from tests.evidence.shared import BOX, JPEG
from tests.support import henan

Shown = pytest.CaptureFixture[str]


@pytest.fixture
def batch(tmp_path: Path, home: Path, ledger: Ledger, capsys: Shown) -> str:
    """Three employers, of whom two are filed; still open."""
    book = henan.write(tmp_path / "六月.xlsx", henan.rows(3))
    assert main(["submit", str(book)]) == 0
    capsys.readouterr()
    (entered,) = ledger.batches.all()
    ledger.workers.sign_on("w", host="host", pid=1)
    for ticket in ledger.ready_tasks.find("henan", 2):
        task = ledger.tasks.claim(ticket, "w", alive={"w"})
        assert task is not None
        attempt = ledger.filings.begin_attempt(task.filing_id, "w")
        done = _outcome(task.filing)
        with Recorder(load_settings().evidence_root / entered.id, task.filing, operator="王经办") as recorder:
            recorder.picture("填写申请信息", JPEG, address="", title="", private=[BOX])
            leave_file(recorder, "02_申报表.pdf", b"%PDF-1.7")
            recorder.ended(done)
        assert ledger.tasks.end(task.ticket, "w", attempt, done)
    return entered.id


def _outcome(one: Filing) -> Outcome:
    found = Record("稳岗返还申请", one.employer.name, serial="411302202600001234")
    return Outcome(Verdict.SUBMITTED, f"联系人{one.employer.contact}已确认", record=found)


def test_one_employers_copy(batch: str, ledger: Ledger, tmp_path: Path, capsys: Shown) -> None:
    first, second, third = ledger.filings.of_batch(batch)
    out = tmp_path / "给客户" / "副本.zip"
    assert (
        main(["evidence", "share", batch.lower(), "--employer", first.employer.code, "--out", str(out)]) == 0
    )
    shown = capsys.readouterr().out
    assert f"遮盖副本：{out}（1 个单位，1 张截图，遮盖 1 处）" in shown
    assert f"已略去：{folder_name(first)}/02_申报表.pdf（不是截图，无法遮盖" in shown
    assert is_sealed(load_settings().evidence_root / batch)
    assert verify(out).problems == ()
    with ZipFile(out) as packed:
        told = "\n".join(packed.namelist()) + packed.read(f"{batch}_遮盖副本/data/index.html").decode()
    for name in (first.employer.name, "411302202600001234", portal_name(load_settings(), "henan")):
        assert name in told
    for one in (second, third):
        assert one.employer.name not in told
    assert re.search(
        r"制作遮盖副本 副本.zip（1 个单位，SHA-256 \w{16}…）", ledger.actions.newest(batch)[0].what
    )


def test_the_whole_batch_for_programs(batch: str, ledger: Ledger, tmp_path: Path, capsys: Shown) -> None:
    out = tmp_path / "副本.zip"
    assert main(["evidence", "share", batch, "--out", str(out), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "wengang-rpa/evidence-share/1"
    counted = {name: document[name] for name in ("batch", "employers", "pictures", "masks")}
    assert counted == {"batch": batch, "employers": 3, "pictures": 2, "masks": 2}
    assert document["without_evidence"] == [ledger.filings.of_batch(batch)[2].employer.name]
    assert main(["evidence", "share", batch, "--out", str(out)]) == 2
    assert "已经存在" in capsys.readouterr().err
    assert main(["evidence", "share", batch, "--out", str(out), "--force"]) == 0


def test_a_batch_that_is_worked_on_is_not_shared(
    batch: str, ledger: Ledger, tmp_path: Path, capsys: Shown
) -> None:
    ledger.tasks.claim(ledger.ready_tasks.find("henan", 1)[0], "w", alive={"w"})
    assert main(["evidence", "share", batch, "--out", str(tmp_path / "副本.zip")]) == 2
    assert "还有 1 户正在办理" in capsys.readouterr().err
    assert not (tmp_path / "副本.zip").exists()


def test_evidence_of_another_machine(
    batch: str, tmp_path: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = load_settings().evidence_root / batch
    bag.rename(tmp_path / "elsewhere")
    assert main(["evidence", "share", batch, "--out", str(tmp_path / "副本.zip")]) == 2
    assert "这台电脑上没有批次" in capsys.readouterr().err


def test_whom_a_word_means() -> None:
    names = ["南阳试验有限公司", "南阳试验有限公司郑州分公司", "（河南）样例厂"]
    filings = [filing(number, name) for number, name in enumerate(names, 1)]
    for word, rows in {
        "南阳试验有限公司": [3],  # a whole name, though it is part of another
        "郑州": [4],
        "(河南) 样例厂": [5],
        filings[0].employer.code.lower(): [3],
    }.items():
        assert [one.row for one in choose(filings, [word])] == rows
    assert [one.row for one in choose(filings, ["样例", "郑州"])] == [4, 5]
    assert choose(filings, []) == filings
    with pytest.raises(UserError, match=r"“南阳”对应几个单位.*郑州分公司"):
        choose(filings, ["南阳"])
    with pytest.raises(UserError, match=r"没有单位“洛阳”.*样例厂"):
        choose(filings, ["洛阳"])
    with pytest.raises(UserError, match="没有单位“ ”"):
        choose(filings, [" "])
