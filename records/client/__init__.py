"""The doors that results leave by. Each says what became of one try, in one shape.

None is called inside a transaction, and none writes contents to a log.
"""

from records.client.folder import drop
from records.client.hooks import tell
from records.client.mllp import send_hl7
from records.client.notice import notify
from records.client.push import push
from records.client.wire import Target, check_target

__all__ = ["Target", "check_target", "drop", "notify", "push", "send_hl7", "tell"]
