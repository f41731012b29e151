"""``rpa evidence verify``: whether a batch's evidence is still what was recorded, and since when."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from rpa.cli.evidence.lookup import opened_bag
from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.evidence.bag.verify import Verification

WHAT = "核验一个批次的证据：完好，还是哪个文件被改动、缺失、多出或调换；时间有没有证明"
EPILOG = """退出码：0 完好，时间已由时间戳证明；1 被改动；2 完好，但时间未证明；3 没有核验成。
不信任本程序的人，也可以双击证据文件夹中的 verify.html，
或在那里运行 sha256sum -c manifest-sha256.txt。"""


def configure(parser: Parser) -> None:
    """Which bag, which root certificates, and which manifests are checked; JSON."""
    parser.epilog = EPILOG
    parser.add_argument("bag", metavar="DIR|ZIP|BATCH", help="证据文件夹、它的 zip，或本机的批次编号")
    parser.add_argument(
        "--roots", metavar="FILE", type=Path, help="信任的时间戳根证书（PEM）；不写用设置的，没有设置用系统的"
    )
    parser.add_argument("--every-hash", action="store_true", help="连国密 SM3 清单也逐个文件核对（慢几倍）")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Verify the bag and name every problem."""
    from rpa.errors import UserError
    from rpa.evidence.bag.verify import verify
    from rpa.evidence.timestamps.timestamp import trusted_roots
    from rpa.settings.settings import load_settings

    try:
        roots = trusted_roots(arguments.roots or load_settings().evidence.timestamp_roots)
        with opened_bag(arguments.bag) as bag:
            verification = verify(bag, roots=roots, every_hash=arguments.every_hash)
    except UserError as error:  # 2, as everywhere else, would say that it is intact
        output.note(f"错误：{error}")
        return ExitCode.ENVIRONMENT
    if arguments.json:
        output.document("evidence", _document(verification))
    else:
        output.say(verification.summary)
        for problem in verification.problems:
            output.say(f"  {problem}")
    return verification.integrity.value


def _document(verification: Verification) -> dict[str, object]:
    time = verification.time
    return {
        "bag": str(verification.bag),
        "standing": verification.integrity.name.lower(),
        "intact": verification.intact,
        "sealed": verification.sealed,
        "time": {
            "proven": time.proven,
            "at": time.at.isoformat() if time.at else None,
            "authority": time.authority,
            "why": time.why,
        },
        "files": verification.files,
        "lines": verification.lines,
        "purged": verification.purged,
        "summary": verification.summary,
        "problems": [
            {"trouble": one.trouble.name.lower(), "path": one.path, "detail": one.detail}
            for one in verification.problems
        ],
    }
