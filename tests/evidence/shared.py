"""Employers whose evidence the tests share, and how a shared copy is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from PIL import Image, ImageDraw

from rpa.evidence.recorder import Recorder
from rpa.filing import Employer, Filing, Outcome, Record, Verdict
from rpa.privacy.masks import Box
from tests.evidence.recorded import filing, leave_file

BOX = Box(104, 48, 160, 24, "银行账号")
SERIAL = "411302202600001234"
NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
FIRM = filing(1, "张三建材（河南）有限公司").employer
"""Bears its contact's name, which stays readable there and nowhere else."""
FIRST = replace(
    FIRM,
    contact="张三",
    phone="0377-63123456",
    account="6222021234567890",
    account_name="欧阳修文",
    login_name="zhang3",
    handler="王经办",
    unit_number="410300112233",
)
OTHER = replace(
    filing(2, "南阳别家商行").employer, contact="李四光", phone="13900001111", account="4100152201005988"
)
PERSONAL = ("6222021234567890", "6222 0212", "欧阳修文", "zhang3", "王经办", "63123456", "赵六", "陈会计")
OTHERS = (OTHER.name, OTHER.code, OTHER.contact, OTHER.phone, OTHER.account)


def jpeg() -> bytes:
    picture = Image.new("RGB", (320, 160), (255, 255, 255))
    ImageDraw.Draw(picture).text((BOX.x, BOX.y), "6222021234567890", fill=(0, 0, 0))
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


JPEG = jpeg()


def as_filing(employer: Employer, row: int) -> Filing:
    return replace(filing(row), employer=employer)


def record(bag: Path, one: Filing) -> None:
    """An attempt of which the trail says more than a well-behaved engine would."""
    with Recorder(bag, one, operator="赵六") as recorder:
        recorder.picture(
            "登录单位网厅", JPEG, address="http://h/?n=%E5%BC%A0%E4%B8%89", title="单位登录", private=[]
        )
        recorder.answered("验证码", "陈会计", NOW)
        recorder.picture("填写张三的信息", JPEG, address="http://h/", title="赵六 的页面", private=[BOX])
        recorder.line(
            "中断", message="联系人 张 三 与页面不一致，账号 6222-0212 3456 7890", deep=[{"who": "赵六"}]
        )
        recorder.picture("旧版截图", JPEG, address="", title="")
        recorder.picture("坏图", b"\xff\xd8\xff\xe0", address="", title="", private=[])
        leave_file(recorder, "05_申报表.pdf", b"%PDF-1.7 6222021234567890")
        recorder.printout(b"%PDF-1.7 6222021234567890")
        recorder.ended(outcome(one))


def outcome(one: Filing) -> Outcome:
    told = f"{one.employer.name} 的联系人{one.employer.contact}已确认，受理流水号 {SERIAL}"
    found = Record("稳岗返还申请", one.employer.name, acceptance="已受理", serial=SERIAL)
    return Outcome(Verdict.SUBMITTED, told, record=found, submitted_at=NOW)


def unpacked(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as packed:
        return {one.filename.partition("/")[2]: packed.read(one) for one in packed.infolist()}


def everything(files: dict[str, bytes]) -> str:
    """All that can be read in a copy, with the workbook's own files."""
    texts = [*files]
    for name, content in files.items():
        if name.endswith(".xlsx"):
            with ZipFile(BytesIO(content)) as book:
                texts += [book.read(one).decode() for one in book.namelist()]
        elif not name.endswith(".jpg"):
            texts.append(content.decode())
    return "\n".join(texts)
