"""``rpa evidence share``: a masked copy of a batch's evidence for a client or an auditor."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.options import add_batch
from rpa.cli.shared.parser import Parser
from rpa.errors import UserError

if TYPE_CHECKING:
    from rpa.evidence.sharing.share import Selection, Shared
    from rpa.filing import Filing
    from rpa.ledger.data.batches import Batch
    from rpa.ledger.ledger import Ledger
    from rpa.settings.settings import Settings

WHAT = "做一份遮盖了账号、电话、证件号码和人名的副本，交给客户或审计人员"


def configure(parser: Parser) -> None:
    """Which batch, which employers in it, and where the copy is written; JSON."""
    add_batch(parser)
    parser.add_argument(
        "--employer",
        metavar="单位",
        action="append",
        default=[],
        help="只给这个单位：名称（或其中一段）或统一社会信用代码，可写多次；不写则给整个批次",
    )
    parser.add_argument("--out", metavar="FILE.zip", type=Path, required=True, help="写到哪个 zip 文件")
    parser.add_argument("--force", action="store_true", help="文件已存在时覆盖它")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Seal the batch if it is not, and write the copy."""
    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.engine.operations.target import find_batch
    from rpa.evidence.sharing.share import share
    from rpa.settings.settings import load_settings

    settings = load_settings()
    with open_ledger(settings) as ledger:
        batch = find_batch(ledger.batches, arguments.batch)
        filings = ledger.filings.of_batch(batch.id)
        chosen = choose(filings, arguments.employer)
        _close(batch, ledger, settings)
        selection = _selection(batch, filings, chosen, ledger, settings)
        shared = share(settings.evidence_root / batch.id, arguments.out, selection, force=arguments.force)
        note = f"制作遮盖副本 {shared.path.name}（{shared.employers} 个单位，SHA-256 {shared.sha256[:16]}…）"
        ledger.actions.note(settings.person, note, batch_id=batch.id)
    if arguments.json:
        output.document("evidence-share", _document(batch.id, shared))
    else:
        _say(shared)
    return ExitCode.OK


def choose(filings: Sequence[Filing], wanted: Sequence[str]) -> Sequence[Filing]:
    """The filings of the employers that a person means; all of them where nobody is named.

    Args:
        filings: of the batch.
        wanted: credit codes, names, or parts of names.

    Raises:
        UserError: somebody is not in the batch, or a part fits several employers.
    """
    from rpa.evidence.employers import code_of

    known = [(one.employer.name, one.employer.code) for one in filings]
    codes = {code_of(text, known, where="批次中") for text in wanted}
    return [one for one in filings if not codes or one.employer.code in codes]


def _close(batch: Batch, ledger: Ledger, settings: Settings) -> None:
    """See that the batch is sealed: what is copied must be what anybody can verify."""
    from rpa.engine.batch.sealing import seal_batch
    from rpa.evidence.bag.seal import is_sealed
    from rpa.evidence.keeping.vault import check_not_encrypted

    check_not_encrypted(settings.evidence_root, batch.id)
    bag = settings.evidence_root / batch.id
    if running := ledger.counts.running(batch.id):
        raise UserError(f"批次 {batch.id} 还有 {running} 户正在办理，请等办完或暂停后再做副本")
    if not bag.is_dir():
        raise UserError(f"这台电脑上没有批次 {batch.id} 的证据（{bag}）；请在办理它的电脑上运行")
    notes = () if is_sealed(bag) else seal_batch(batch.id, ledger, settings)
    if not is_sealed(bag):
        raise UserError("；".join(notes) or f"批次 {batch.id} 的证据没有封存")


def _selection(
    batch: Batch, filings: Sequence[Filing], chosen: Sequence[Filing], ledger: Ledger, settings: Settings
) -> Selection:
    from rpa.engine.operations.portal_names import portal_name
    from rpa.evidence.sharing.share import Selection
    from rpa.filing import RowStatus

    states = {one.row: one for one in ledger.filings.states_of_rows(batch.id, [one.row for one in chosen])}
    actions = tuple(reversed(ledger.actions.newest(batch.id, limit=None)))
    entries = [
        RowStatus.of(
            one,
            portal=portal_name(settings, one.portal),
            outcome=states[one.row].outcome,
            attempts=states[one.row].attempts,
        )
        for one in chosen
    ]
    return Selection(
        batch.id,
        filings,
        entries,
        sharer=settings.person,
        people={one.who for one in actions},
        actions=actions if len(chosen) == len(filings) else (),
    )


def _document(batch_id: str, shared: Shared) -> dict[str, object]:
    return {
        "batch": batch_id,
        "file": str(shared.path),
        "sha256": shared.sha256,
        "employers": shared.employers,
        "pictures": shared.pictures,
        "masks": shared.masks,
        "left_out": [
            {"file": one.file, "original_sha256": one.original_sha256, "why": one.why}
            for one in shared.left_out
        ],
        "without_evidence": list(shared.without),
    }


def _say(shared: Shared) -> None:
    counted = f"{shared.employers} 个单位，{shared.pictures} 张截图，遮盖 {shared.masks} 处"
    output.say(f"遮盖副本：{shared.path}（{counted}）")
    output.say(f"SHA-256：{shared.sha256}")
    for name in shared.without:
        output.say(f"  没有证据：{name}（还没有办理，或在别的电脑上办理）")
    for one in shared.left_out:
        output.say(f"  已略去：{one.file}（{one.why}；副本中有它的校验值）")
    output.note("交出前请打开看一遍：没有记录为个人信息的图片内容，程序看不出来。")
