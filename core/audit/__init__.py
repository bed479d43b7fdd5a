"""The audit log: append-only, chained by hash, closed once a day, provable."""

from core.audit.lines import (
    Actor,
    ChainLink,
    append,
    line_hash,
    record,
    record_all,
    record_in,
)
from core.audit.proof import (
    close_day,
    verify,
    verify_all,
    verify_clinic,
    verify_heads,
)

__all__ = [
    "Actor",
    "ChainLink",
    "append",
    "close_day",
    "line_hash",
    "record",
    "record_all",
    "record_in",
    "verify",
    "verify_all",
    "verify_clinic",
    "verify_heads",
]
