"""河南省社会保障网上服务平台.

Source of every screen: the manuals of 2023 and 2024 (portals.md, S1 and S2).
"""

from flows.henan.interruptions import INTERRUPTIONS
from flows.henan.refund import file_refund, look_up_refund, still_pending
from flows.henan.sign_in import probe
from rpa.engine.attempt.catalog import Flow, Province

PROVINCE = Province(
    items={"稳岗返还": Flow(file_refund, look_up_refund, still_pending)},
    interruptions=INTERRUPTIONS,
    probe=probe,
)
