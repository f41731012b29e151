"""广东省人力资源和社会保障厅网上服务平台.

Source of the screens: the manual S3 (portals.md, G1 to G6). Much of the pages is not in it: labels marked
*inferred* have further names in ``configs/guangdong.toml``.
"""

from flows.guangdong.interruptions import INTERRUPTIONS
from flows.guangdong.login import probe
from flows.guangdong.refund import file_refund, look_up_refund
from rpa.engine.attempt.catalog import Flow, Province

PROVINCE = Province(
    items={"稳岗返还": Flow(file=file_refund, look_up=look_up_refund)},
    interruptions=INTERRUPTIONS,
    probe=probe,
)
