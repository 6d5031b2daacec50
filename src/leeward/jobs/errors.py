"""What a job's handler may raise."""

from datetime import timedelta


class RetryLater(Exception):
    """Raised by a handler to be called again after `delay`; this doesn't count as a failed attempt."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__(str(delay))
        self.delay = delay
