"""``rpa evidence stamp``: a timestamp for evidence that was sealed without one."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from rpa.cli.evidence.lookup import bag_of
from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.evidence.timestamps.timestamp import TimeProof

WHAT = "给已封存的证据补一个时间戳，证明它最迟什么时候已是如此"
_EPILOG = """时间戳机构由设置 evidence.timestamp_url 指定（RFC 3161），它只收到一个校验值。
已有有效的时间戳时什么也不做：早的时间更有用。
退出码：0 时间已证明；1 收到了时间戳，但它的机构不受信任（见设置 evidence.timestamp_roots）。"""


def configure(parser: Parser) -> None:
    """Which batch or bag; JSON."""
    parser.epilog = _EPILOG
    parser.add_argument("batch", metavar="BATCH|DIR", help="批次编号，或证据文件夹")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Ask the authority, unless there is a valid timestamp."""
    from rpa.errors import UserError
    from rpa.evidence.bag.seal import is_sealed
    from rpa.evidence.timestamps.stamping import stamp
    from rpa.evidence.timestamps.timestamp import trusted_roots
    from rpa.settings.settings import load_settings

    evidence = load_settings().evidence
    bag = bag_of(arguments.batch)
    if not is_sealed(bag):
        raise UserError(f"{bag} 不是封存好的证据文件夹，不能加时间戳；可先运行 rpa results 封存")
    proof, asked = stamp(bag, evidence.timestamp_url, trusted_roots(evidence.timestamp_roots))
    if arguments.json:
        at = proof.at.isoformat() if proof.at else None
        facts = {"proven": proof.proven, "at": at, "authority": proof.authority, "why": proof.why}
        output.document("evidence-stamp", {"batch": bag.name, "asked": asked, **facts})
    elif proof.proven:
        output.say(f"{'已加时间戳' if asked else '已有有效的时间戳'}：{_moment(proof)}（{proof.authority}）")
    else:
        output.say(f"收到了时间戳，但时间未证明：{proof.why}")
    return ExitCode.OK if proof.proven else ExitCode.FINDINGS


def _moment(proof: TimeProof) -> str:
    from rpa.filing import CHINA

    return f"北京时间 {proof.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if proof.at else ""
