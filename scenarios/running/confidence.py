"""The 95% interval of a mean over runs, of the same width in every table, sentence and figure."""

from typing import Any

CERTAINTY = 1.96  # standard errors from a mean to either end


def ends(mean: Any, error: Any) -> tuple[Any, Any]:
    """Ends of the 95% interval of a mean with its standard error, numbers or arrays alike."""
    return mean - CERTAINTY * error, mean + CERTAINTY * error
