"""The calendar: months counted from January 1990 (month 0)."""

from .errors import InputError

FIRST_YEAR = 1990
NEVER = 10**6  # the month of what does not come
ALWAYS = -(10**6)  # the month of what was there before the model begins


def month_number(text: str, where: str = "month") -> int:
    """Number of ``YYYY-MM``; a clear error names the place when it is not one."""
    text = str(text)
    parts = text.split("-")
    if len(parts) == 2 and len(parts[0]) == 4 and len(parts[1]) == 2:
        if text.isascii() and (parts[0] + parts[1]).isdigit() and 1 <= int(parts[1]) <= 12:
            return (int(parts[0]) - FIRST_YEAR) * 12 + int(parts[1]) - 1
    raise InputError(f"{where}: {text!r} is not a month; write it as YYYY-MM, for example 2005-04")


def month_text(number: int) -> str:
    """``YYYY-MM`` of a month number."""
    return f"{FIRST_YEAR + number // 12:04d}-{number % 12 + 1:02d}"


def year_of(number: int) -> int:
    """Calendar year of a month number."""
    return FIRST_YEAR + number // 12
