"""What a handler of a job may raise."""

from datetime import timedelta


class RetryLater(Exception):
    """Raised by a handler: nothing is wrong, but try again after `delay`; doesn't count as a failed try."""

    def __init__(self, delay: timedelta) -> None:
        super().__init__(str(delay))
        self.delay = delay
