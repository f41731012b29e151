"""``rpa evidence decrypt``: an encrypted batch's evidence as a folder again."""

from __future__ import annotations

from argparse import Namespace

from rpa.cli.evidence.lookup import bag_place
from rpa.cli.shared import output
from rpa.cli.shared.exit_codes import ExitCode
from rpa.cli.shared.parser import Parser

WHAT = "把加密的证据还原成文件夹，以便查看、分享或接着办理"


def configure(parser: Parser) -> None:
    """Which batch or encrypted file; JSON."""
    parser.add_argument("batch", metavar="BATCH|FILE", help="批次编号，或加密的文件（….zip.age）")
    parser.add_json()


def run(arguments: Namespace) -> int:
    """Bring the folder back and delete the encrypted file."""
    from rpa.evidence.keeping.key import VaultKey
    from rpa.evidence.keeping.vault import decrypt
    from rpa.settings.settings import load_settings

    settings = load_settings()
    bag = decrypt(bag_place(arguments.batch), VaultKey(settings.home).known())
    if arguments.json:
        output.document("evidence-decrypt", {"batch": bag.name, "bag": str(bag)})
    else:
        output.say(f"已还原：{bag}")
    return ExitCode.OK
