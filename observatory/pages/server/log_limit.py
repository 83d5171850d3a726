"""Log limit: a fault that repeats a thousand times a second writes some lines, not a full disk."""

import logging
import time
from collections.abc import Callable

LOG_BURST = 200.0  # records at once
LOG_RECORDS_PER_SECOND = 0.2  # from then on: some 17,000 a day, 50 MB if each were a traceback
MAX_RECORD_CHARS = 4_000


class LogLimit(logging.Filter):
    """A token bucket over the records of all handlers; the first one after a pause says how many were left out."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._timer, self._tokens, self._at, self._dropped = timer, LOG_BURST, timer(), 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written; a long one is cut."""
        now = self._timer()
        self._tokens = min(LOG_BURST, self._tokens + (now - self._at) * LOG_RECORDS_PER_SECOND)
        self._at = now
        if self._tokens < 1:
            self._dropped += 1
            return False
        self._tokens -= 1
        message = record.getMessage()
        if self._dropped:
            message = f"{message} [{self._dropped} records before this one were left out]"
            self._dropped = 0
        if message != record.msg or record.args:
            record.msg, record.args = message[:MAX_RECORD_CHARS], None
        return True


def limit_logs(limit: LogLimit | None = None) -> None:
    """Puts one limit on every handler of this process; called once they are all there."""
    limit = limit or LogLimit()
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in tuple(logging.root.manager.loggerDict))]
    handlers = {handler for row in loggers for handler in row.handlers} | {logging.lastResort}
    for handler in handlers:
        if handler is not None and not any(isinstance(row, LogLimit) for row in handler.filters):
            handler.addFilter(limit)
