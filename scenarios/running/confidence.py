"""The 95% interval of a mean over runs, of the same width in every table, sentence and figure."""

from typing import Any

CERTAINTY = 1.96  # standard errors from a mean to either end
POWER = 0.84  # standard errors more, so that four samples in five would find such an effect


def ends(mean: Any, error: Any) -> tuple[Any, Any]:
    """Ends of the 95% interval of a mean with its standard error, numbers or arrays alike."""
    return mean - CERTAINTY * error, mean + CERTAINTY * error


def detectable(error: Any) -> Any:
    """The smallest mean that would be told from zero, at 95% and four times in five."""
    return (CERTAINTY + POWER) * error


def runs_needed(mean: Any, error: Any, runs: int) -> Any:
    """Runs that would tell a mean from zero, by its standard error over ``runs``; of a column not
    a number where the mean is zero.

    Example:
        >>> runs_needed(2.8, 2.0, 100)
        400.0
    """
    found = round(runs * (detectable(error) / mean) ** 2, 9)
    return -(-found // 1)  # rounded up, of numbers and of columns
