"""``rpa secrets``: accounts and passwords of the logins that workbooks name."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser
from rpa.cli.shared.portal_examples import example_portal

if TYPE_CHECKING:
    from rpa.credentials.store import Credential, Credentials, StoredLogin
    from rpa.settings.settings import Settings

_SET = """保存一个登录，替换同名的登录。工作簿的“登录账号”列只填它的名字，不写密码。
账号和密码交给系统钥匙串（Windows 凭据管理器、macOS 钥匙串等）；
没有系统钥匙串的机器存入数据目录中的 logins.toml，仅本人可读。"""
_SET_EXAMPLE = """例：rpa secrets set {name} 张三经办
由程序保存时从标准输入读两行，第一行账号，第二行密码：
rpa secrets set {name} 张三经办 < 两行.txt
服务器上也可以不保存，改用环境变量 RPA_LOGINS（JSON）：
{{"{key}": {{"张三经办": {{"account": "账号", "password": "密码"}}}}}}"""


def configure(parser: Parser) -> None:
    """The subcommands ``set``, ``list`` and ``remove``; JSON for each."""
    commands = parser.add_subparsers(metavar="命令", required=True, dest="command")
    key, name = example_portal(stored_logins=True)
    example = _SET_EXAMPLE.format(key=key, name=name)
    store = commands.add_parser("set", help="保存一个登录", description=_SET, epilog=example)
    _add_login(store)
    store.add_argument("--file", action="store_true", help="存入文件，即使本机有系统钥匙串")
    listing = "列出已保存的登录，不显示密码"
    show = commands.add_parser("list", help=listing, description=listing)
    remove = commands.add_parser("remove", help="删除一个登录", description="删除一个登录")
    _add_login(remove)
    for command in (store, show, remove):
        command.add_json()


def _add_login(command: Parser) -> None:
    key, name = example_portal(stored_logins=True)
    command.add_argument(
        "portal",
        metavar="PORTAL",
        help=f"平台（{name}、{key}）；演练用的写上地址，如 {name}@http://127.0.0.1:8410",
    )
    command.add_argument("name", metavar="NAME", help="登录的名字，与工作簿“登录账号”列一致")


def run(arguments: Namespace) -> int:
    """Run the subcommand that was typed."""
    from rpa.cli.shared.data_folder import prepare_home
    from rpa.credentials.store import Credentials
    from rpa.settings.settings import load_settings

    settings = load_settings()
    credentials = Credentials(prepare_home(settings))
    if arguments.command == "list":
        return _list(settings, credentials, as_json=arguments.json)
    return (_set if arguments.command == "set" else _remove)(settings, credentials, arguments)


def _set(settings: Settings, credentials: Credentials, arguments: Namespace) -> int:
    from rpa.credentials.store import Source, StoredLogin
    from rpa.engine.operations.portal_names import portal_name
    from rpa.privacy.masks import mask_account

    portal, name = _login(settings, arguments)
    credential = _ask()
    source = credentials.set(portal, name, credential, into=Source.FILE if arguments.file else None)
    account = mask_account(credential.account)
    if arguments.json:
        facts = {"portal": portal, "name": name, "account": account, "source": source.value}
        output.document("secrets-set", facts)
        return ExitCode.OK
    output.say(f"已保存：{portal_name(settings, portal)} {name}（账号 {account}）")
    if source is Source.FILE:
        why = "" if arguments.file else "本机没有系统钥匙串，"
        output.say(f"{why}存入文件 {credentials.file.path}（仅本人可读）")
    else:
        output.say(f"存入系统钥匙串（{credentials.keyring}）")
    if StoredLogin(portal, name, Source.ENVIRONMENT) in credentials.names():
        output.note("环境变量 RPA_LOGINS 中也有这个登录，办理时以环境变量为准。")
    return ExitCode.OK


def _list(settings: Settings, credentials: Credentials, *, as_json: bool) -> int:
    from rpa.engine.operations.portal_names import portal_name

    logins = credentials.names()
    read = [(one, *_account(credentials, one)) for one in logins]
    well = all(account for _, account, _ in read)
    if as_json:
        listed = [
            {
                "portal": one.portal,
                "name": one.name,
                "account": account or None,
                "source": one.source.value,
                "problem": problem or None,
            }
            for one, account, problem in read
        ]
        output.document("secrets", {"file": str(credentials.file.path), "logins": listed})
    elif not logins:
        output.say("还没有保存登录。保存：rpa secrets set 平台 名字")
    else:
        rows = [
            (portal_name(settings, one.portal), one.name, account or "读不出", one.source.chinese)
            for one, account, _ in read
        ]
        output.say(output.table(("平台", "登录账号", "账号", "存放在"), rows))
        for problem in dict.fromkeys(problem for _, _, problem in read if problem):
            output.note(f"读不出：{problem}")
    return ExitCode.OK if well else ExitCode.FINDINGS


def _account(credentials: Credentials, login: StoredLogin) -> tuple[str, str]:
    """A login's account, masked, or why it cannot be read."""
    from rpa.errors import UserError
    from rpa.privacy.masks import mask_account

    try:
        credential = credentials.get(login.portal, login.name)
    except UserError as error:
        return "", str(error)
    return (mask_account(credential.account), "") if credential else ("", "钥匙串中已没有，请重新保存")


def _remove(settings: Settings, credentials: Credentials, arguments: Namespace) -> int:
    from rpa.engine.operations.portal_names import portal_name

    portal, name = _login(settings, arguments)
    credentials.remove(portal, name)
    if arguments.json:
        output.document("secrets-remove", {"portal": portal, "name": name})
    else:
        output.say(f"已删除：{portal_name(settings, portal)} {name}")
    return ExitCode.OK


def _login(settings: Settings, arguments: Namespace) -> tuple[str, str]:
    """Portal and name as the engine looks them up: the name as a workbook's cell is read."""
    from rpa.engine.operations.portal_names import portal_meant
    from rpa.identifiers import visible

    return portal_meant(settings, arguments.portal), visible(arguments.name)


def _ask() -> Credential:
    """Account and password: asked at a terminal, the password without echo; elsewhere two lines.

    Raises:
        UserError: they end early.
    """
    from getpass import getpass

    from rpa.credentials.store import Credential
    from rpa.errors import UserError

    at_terminal = sys.stdin.isatty()
    if at_terminal:
        sys.stderr.write("账号：")
        sys.stderr.flush()
    account = sys.stdin.readline()
    try:
        password = getpass("密码（输入时不显示）：") if at_terminal else sys.stdin.readline()
    except EOFError:
        password = ""
    if not account.strip() or not password.rstrip("\r\n"):
        raise UserError("没有读到账号和密码：请在终端里运行，或从标准输入给出两行（第一行账号，第二行密码）")
    return Credential(account.lstrip("\ufeff").strip(), password.rstrip("\r\n"))
