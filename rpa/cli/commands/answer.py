"""``rpa answer``: answer one request from a second terminal or a script."""

from __future__ import annotations

from argparse import Namespace

from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser


def configure(parser: Parser) -> None:
    """Which request, and the answer or the order to replace its picture; JSON."""
    parser.add_argument("id", metavar="ID", help="待办编号，见 rpa requests")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("text", metavar="TEXT", nargs="?", help="答复内容；不写则询问，输入时不显示")
    what.add_argument("--refresh", action="store_true", help="图片看不清：请平台换一张")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Hand in the answer, or ask the portal for another picture."""
    from dataclasses import replace

    from rpa.cli.shared.open_ledger import open_ledger
    from rpa.errors import UserError
    from rpa.operator.desk import answer_request
    from rpa.settings.settings import load_settings

    settings = load_settings()
    who = settings.person
    with open_ledger(settings) as ledger:
        if arguments.refresh:
            ledger.requests.ask_refresh(arguments.id, who=who)
        else:
            number = arguments.id.partition(".")[0]
            request = next((one for one in ledger.requests.waiting() if one.id == number), None)
            if request is None:
                raise UserError(
                    f"没有等待答复的待办 {arguments.id}（编号不对、已答复或已过期），请用 rpa requests 查看"
                )
            text = arguments.text if arguments.text is not None else _ask(request.question)
            # The picture that was looked at is part of the id as typed; the newest one is not assumed.
            answer_request(ledger.requests, replace(request, id=arguments.id, picture_id=None), text, who=who)
    if arguments.json:
        output.document("answer", {"id": arguments.id, "accepted": True, "refresh": arguments.refresh})
    else:
        output.say("已请平台更换图片。" if arguments.refresh else "已答复。")
    return ExitCode.OK


def _ask(question: str) -> str:
    from getpass import getpass

    from rpa.errors import UserError

    try:
        return getpass(f"{question}：")
    except EOFError:
        raise UserError("本终端无法输入，请把答复写在命令里：rpa answer ID TEXT") from None
