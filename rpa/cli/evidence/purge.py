"""``rpa evidence purge``: delete the pictures and files of batches that are older than they must be kept."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.evidence.keeping.purge import DueBatch, Spared
    from rpa.ledger.ledger import Ledger
    from rpa.settings.settings import Settings

WHAT = "到期的批次：删除截图、存档文件和结果副本，留下记录和校验值"
_EPILOG = """例：rpa evidence purge --older-than 2y --dry-run
以批次最后一条办理记录的时间计。每个文件删除前，先把它的校验值、谁按什么期限删的写进批次的记录链；
删完重新封存，rpa evidence verify 仍说完好。没办完的、还有待核实的、没封存的、已被改动的批次一律不动。
已加密的批次看不到里面的时间，也不动：先 rpa evidence decrypt，清除后再加密。
退出码：0 办好了；1 有到期的批次没有清除，原因已列出。"""


def configure(parser: Parser) -> None:
    """How old, which batches, whether to delete and whether to ask first; JSON."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "--older-than", metavar="AGE", required=True, help="保存期限：730d（天）、24m（月）或 2y（年）"
    )
    parser.add_argument("--batch", metavar="BATCH", action="append", default=[], help="只看这个批次；可重复")
    parser.add_argument("--dry-run", action="store_true", help="只列出要删什么，不删")
    parser.add_argument("--yes", action="store_true", help="不再询问")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Show what is due, ask, and purge it."""
    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.engine.batch.sealing import stamped
    from rpa.evidence.files import china_now
    from rpa.evidence.keeping.purge import DueBatch, encrypted, find_due, moment_before, purge
    from rpa.settings.settings import load_settings

    settings = load_settings()
    root, only = settings.evidence_root, _wanted(arguments, settings)
    before = moment_before(arguments.older_than, china_now())
    with open_ledger(settings) as ledger:
        found = find_due(root, before, only=only, keep=partial(_still_needed, ledger))
    locked = [one for one in encrypted(root) if not only or one in only]
    due = [one for one in found if isinstance(one, DueBatch)]
    spared = [one for one in found if not isinstance(one, DueBatch)]
    if not arguments.json:
        _show(due, spared, locked)
    gone = bool(due) and not arguments.dry_run and _agreed(arguments)
    for one in due if gone else ():
        purge(one, who=settings.person, policy=f"保存期限 {arguments.older_than}")
        output.note(f"已清除：{one.bag.name}")
        for note in stamped(one.bag, settings):
            output.note(note)
    if arguments.json:
        _document(due, spared, locked, gone=gone)
    return ExitCode.FINDINGS if spared else ExitCode.OK


def _still_needed(ledger: Ledger, batch_id: str) -> str:
    """Why a batch's evidence is not for deletion yet, however old it is; empty: nothing speaks against it."""
    from rpa.filing import Verdict

    if ledger.counts.unfinished(batch_id):
        return "还有没办完的户"
    known = any(one.id == batch_id for one in ledger.batches.all())  # a folder may be of another machine
    if known and (unclear := ledger.counts.of(batch_id).verdicts.get(Verdict.UNCONFIRMED)):
        return f"还有 {unclear} 户待核实：先用 rpa reconcile {batch_id} 核实"
    return ""


def _wanted(arguments: Namespace, settings: Settings) -> frozenset[str]:
    """The batches that were named.

    Raises:
        UserError: one of them has no evidence here.
    """
    from rpa.errors import UserError
    from rpa.evidence.keeping.vault import vault_of

    wanted = frozenset(one.upper() for one in arguments.batch)
    for one in sorted(wanted):
        bag = settings.evidence_root / one
        if not bag.is_dir() and not vault_of(bag).is_file():
            raise UserError(f"没有这个批次的证据：{one}")
    return wanted


def _show(due: Sequence[DueBatch], spared: Sequence[Spared], locked: Sequence[str]) -> None:
    rows = [
        (one.bag.name, str(len(one.files)), f"{one.size / 1e6:.1f}", f"{one.newest:%Y-%m-%d}") for one in due
    ]
    if rows:
        output.say(output.table(("批次", "文件", "MB", "最后记录"), rows))
    else:
        output.say("没有可以清除的批次")
    for other in spared:
        output.note(f"到期但不动：{other.bag.name}（{other.why}）")
    if locked:
        output.note(f"已加密、没有查看：{'、'.join(locked)}。如需清除，先运行 rpa evidence decrypt")


def _agreed(arguments: Namespace) -> bool:
    """Whether it may be deleted.

    Raises:
        UserError: there is nobody to ask.
    """
    from rpa.cli.shared.confirm import ask_at_terminal
    from rpa.errors import UserError

    if arguments.yes:
        return True
    nobody_asked = "没有删除任何文件：要删除请加 --yes，或在终端里运行后确认"
    if arguments.json:
        raise UserError(nobody_asked)
    question = "以上文件将被删除，不能恢复。确认请输入 yes："
    if ask_at_terminal(question, no_terminal=nobody_asked) in ("yes", "是"):
        return True
    output.note("没有删除任何文件")
    return False


def _document(
    due: Sequence[DueBatch], spared: Sequence[Spared], locked: Sequence[str], *, gone: bool
) -> None:
    listed = [
        {"batch": one.bag.name, "newest": one.newest.isoformat(), "files": len(one.files), "size": one.size}
        for one in due
    ]
    kept = [{"batch": one.bag.name, "why": one.why} for one in spared]
    content = {"purged": gone, "due": listed, "spared": kept, "encrypted": list(locked)}
    output.document("evidence-purge", content)
