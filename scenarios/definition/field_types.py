"""Cells of the tables in a file: months, states, shares and numbers, each with its range."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from model.months import month_number, month_text


def _month(text: str) -> str:
    if not text.isascii():
        raise ValueError(f"{text!r} is not a month; write it as YYYY-MM, for example 2005-04")
    return month_text(month_number(text))


def _no_date(value: Any) -> Any:
    if isinstance(value, date):
        raise ValueError(f'{value} is a date; write the month in quotes, "{value:%Y-%m}"')
    return value


Month = Annotated[
    str,
    BeforeValidator(_no_date),
    AfterValidator(_month),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}),
]
State = Annotated[str, Field(description="ISO 3166 alpha-3 code, or all")]
Factor = Annotated[float, Field(ge=0, le=20, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Months = Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)]


class Table(BaseModel):
    """A table of the file: unknown keys are refused, values are not converted from text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
