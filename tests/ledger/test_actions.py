"""What people did beside answering: put down with their name, never taken out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from rpa.ledger.data.batches import Batch
from rpa.ledger.ledger import Ledger
from tests.ledger.builders import open_batch


def test_the_newest_is_first(ledger: Ledger, batch: Batch, tmp_path: Path) -> None:
    other = open_batch(ledger, tmp_path, name="另一批.xlsx")
    ledger.actions.note("王五", "登记批次", batch_id=batch.id)
    ledger.actions.note("李四", "暂停批次", batch_id=other.id)
    ledger.actions.note("李四", "暂停平台", portal="henan@http://127.0.0.1:8410")
    ledger.actions.note("王五", "取消批次", batch_id=batch.id)
    assert [(one.who, one.what) for one in ledger.actions.newest(batch.id)] == [
        ("王五", "取消批次"),
        ("王五", "登记批次"),
    ]
    assert [one.what for one in ledger.actions.newest()] == ["取消批次", "暂停平台", "暂停批次", "登记批次"]
    assert [one.what for one in ledger.actions.newest(limit=2)] == ["取消批次", "暂停平台"]


def test_a_line_as_it_was_put_down(ledger: Ledger, batch: Batch) -> None:
    ledger.actions.note("王五", "恢复平台", portal="henan")
    ledger.actions.note("王五", "恢复批次", batch_id=batch.id)
    of_batch, of_portal = ledger.actions.newest()
    assert (of_batch.batch_id, of_batch.portal) == (batch.id, None)
    assert (of_portal.batch_id, of_portal.portal) == (None, "henan")
    assert abs(of_batch.at - datetime.now(UTC)) < timedelta(seconds=30)


def test_nothing_was_done(ledger: Ledger, batch: Batch) -> None:
    assert (ledger.actions.newest(), ledger.actions.newest(batch.id)) == ([], [])
