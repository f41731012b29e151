"""``rpa evidence key``: what encrypted evidence is opened with."""

from __future__ import annotations

from argparse import Namespace

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser

WHAT = "显示加密证据用的公钥；--secret 显示私钥，抄存到保险柜"
_EPILOG = """换电脑后，把抄存的私钥写进数据目录里的 evidence.key（仅本人可读），就能打开以前加密的证据。"""


def configure(parser: Parser) -> None:
    """Whether to print the private key too; JSON, which never has it."""
    parser.epilog = _EPILOG
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--secret", action="store_true", help="在终端里确认后显示私钥")
    shown.add_argument("--json", action="store_true", help="在标准输出上只写一个 JSON 文档（没有私钥）")


def run(arguments: Namespace) -> int:
    """Show the key; it is made where there is none yet."""
    from rpa.cli.shared.data_folder import prepare_home
    from rpa.evidence.keeping.key import VaultKey
    from rpa.settings.settings import load_settings

    keys = VaultKey(prepare_home(load_settings()))
    if arguments.secret:
        _confirm()
    own = keys.own()
    if arguments.json:
        output.document("evidence-key", {"recipient": str(own.to_public()), "place": keys.place})
        return ExitCode.OK
    output.say(f"公钥：{own.to_public()}")
    if arguments.secret:
        output.say(f"私钥：{own}")
    output.note(f"密钥存在{keys.place}")
    return ExitCode.OK


def _confirm() -> None:
    """Ask whether the key may be shown.

    Raises:
        UserError: it may not, or there is nobody to ask.
    """
    from rpa.cli.shared.confirm import ask_at_terminal
    from rpa.errors import UserError

    question = "屏幕上将显示私钥，谁有它谁就能打开全部加密证据。要显示请输入 yes："
    if ask_at_terminal(question, no_terminal="私钥只在终端里显示：请在终端里运行") != "yes":
        raise UserError("没有显示私钥")
