"""``rpa evidence encrypt``: a batch's evidence as one encrypted file."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from rpa.cli.evidence.lookup import bag_place
from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser

if TYPE_CHECKING:
    from rpa.settings.settings import Settings

WHAT = "把一个批次的证据加密存成一个文件，核对后删除明文"
_EPILOG = """加密后是证据目录中的 批次编号.zip.age（age 格式，里面是普通的 zip）。
要查看或接着办理，先运行 rpa evidence decrypt。
密钥丢了，证据就再也打不开：请用 rpa evidence key --secret 抄一份放进保险柜；
也可以在设置 evidence.encrypt_to 里加上别人的公钥。
删除明文不等于擦净磁盘：电脑本身也应开启整盘加密。"""


def configure(parser: Parser) -> None:
    """Which batch or bag; JSON."""
    parser.epilog = _EPILOG
    parser.add_argument("batch", metavar="BATCH|DIR", help="批次编号，或证据文件夹")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Encrypt the bag and delete its folder."""
    from rpa.cli.shared.data_folder import prepare_home
    from rpa.evidence.keeping.key import VaultKey, recipients
    from rpa.evidence.keeping.vault import encrypt
    from rpa.settings.settings import load_settings

    settings = load_settings()
    bag = bag_place(arguments.batch)
    keys = VaultKey(prepare_home(settings))
    _check_done(bag, settings)
    first = not keys.known()
    own = keys.own()
    file = encrypt(bag, recipients(own, settings.evidence.encrypt_to), keys.known())
    if arguments.json:
        facts = {"batch": bag.name, "file": str(file), "size": file.stat().st_size, "key_made": first}
        output.document("evidence-encrypt", facts)
        return ExitCode.OK
    output.say(f"已加密并核对：{file}（{file.stat().st_size / 1e6:.1f} MB），明文已删除")
    if first:
        output.note(f"已生成证据密钥，存在{keys.place}。请用 rpa evidence key --secret 抄一份放进保险柜。")
    return ExitCode.OK


def _check_done(bag: Path, settings: Settings) -> None:
    """Refuse what somebody still works on; a bag of another machine is nobody's here."""
    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.errors import UserError

    if bag.parent == settings.evidence_root:
        with open_ledger(settings) as ledger:
            if ledger.counts.unfinished(bag.name):
                raise UserError(f"批次 {bag.name} 还有没办完的户，办完再加密")
