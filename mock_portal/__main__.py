"""``python -m mock_portal``: a mock portal for a person."""

from __future__ import annotations

import argparse
from pathlib import Path

from mock_portal.provinces import first_portal, provinces
from mock_portal.seed import load
from mock_portal.server import MockPortal, serve_forever
from mock_portal.world import World


def main() -> None:
    """Parse the command line and serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m mock_portal", description="各省平台的模拟平台，只在本机提供服务"
    )
    first = first_portal()
    parser.add_argument("--portal", choices=provinces(), default=first, help=f"哪个省的平台（默认 {first}）")
    parser.add_argument("--port", type=int, default=8410, help="端口，0 表示自动选择（默认 8410）")
    editions = "，".join(f"{each.name} {'、'.join(each.editions)}" for each in provinces().values())
    parser.add_argument("--edition", default="", help=f"平台版本：{editions}（默认最新的）")
    looks = "，".join(f"{each.name} {'、'.join(each.looks)}" for each in provinces().values() if each.looks)
    parser.add_argument("--look", default="", help=f"页面样式：{looks}（默认随版本）")
    parser.add_argument("--seed", type=Path, help="单位数据：批次工作簿 .xlsx 或 JSON 文件")
    parser.add_argument("--token", default="", help="控制接口令牌，默认随机生成")
    arguments = parser.parse_args()
    if arguments.edition not in ("", *provinces()[arguments.portal].editions):
        parser.error(f"没有 {arguments.edition} 版")
    if arguments.look not in ("", *provinces()[arguments.portal].looks):
        parser.error(f"没有页面样式 {arguments.look}")
    employers = load(arguments.seed, arguments.portal) if arguments.seed else ()
    serve_forever(
        MockPortal(
            world=World(employers, look=arguments.look),
            edition=arguments.edition,
            port=arguments.port,
            token=arguments.token,
            portal=arguments.portal,
        )
    )


if __name__ == "__main__":
    main()
