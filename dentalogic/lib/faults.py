"""Faults as they may be logged."""
import logging
import time
import traceback


def where(fault: BaseException) -> str:
    """Its kind and the lines it came through, without its text: a database's error quotes the row."""
    lines = "".join(traceback.format_tb(fault.__traceback__))
    return f"{type(fault).__name__}\n{lines}".rstrip()


class QuietFormatter(logging.Formatter):
    """Every log's: UTC, a message is one line whatever it quotes, a traceback keeps its lines and loses its text."""

    converter = time.gmtime
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record):  # noqa: N802  (logging's own name)
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")

    def formatException(self, ei):  # noqa: N802  (logging's own name)
        return where(ei[1])
