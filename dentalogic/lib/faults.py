"""Faults as they may be logged."""
import logging
import traceback


def where(fault: BaseException) -> str:
    """Its kind and the lines it came through, without its text: a database's error quotes the row."""
    lines = "".join(traceback.format_tb(fault.__traceback__))
    return f"{type(fault).__name__}\n{lines}".rstrip()


class QuietFormatter(logging.Formatter):
    """Every log's: a traceback keeps its lines and loses its text."""

    def formatException(self, ei):  # noqa: N802  (logging's own name)
        return where(ei[1])
