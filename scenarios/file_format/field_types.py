"""Cells of the tables in a file: months, states, shares and numbers, each with its range."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from model.input_text import RESERVED, name_fault, text_fault
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
CalendarMonth = Annotated[int, Field(ge=1, le=12)]
Months = Annotated[float, Field(ge=0, le=600, allow_inf_nan=False)]


def _name(text: str) -> str:
    if fault := name_fault(text, RESERVED):
        raise ValueError(f"{text[:40]!r} {fault}")
    return text


Name = Annotated[str, AfterValidator(_name)]


class Table(BaseModel):
    """A table of the file: unknown keys are refused, values are not converted from text.

    Every list and table in it has a stated size, judged before anything is made of it, and every
    text may hold only what ``input_text`` says.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    most: ClassVar[int] = 1000  # entries of any one list or table

    @model_validator(mode="before")
    @classmethod
    def _of_stated_size(cls, content: Any) -> Any:
        for key, value in content.items() if isinstance(content, dict) else ():
            if isinstance(value, list | dict) and len(value) > cls.most:
                fault = f"has {len(value):,} entries; at most {cls.most:,} are taken"
                raise PydanticCustomError("too_many", "{key} {fault}", {"key": key, "fault": fault})
        return content

    @field_validator("*", mode="after")
    @classmethod
    def _of_plain_text(cls, value: Any) -> Any:
        texts = [value] if isinstance(value, str) else value
        for text in texts if isinstance(texts, list | dict) else ():
            if isinstance(text, str) and (fault := text_fault(text)):
                raise ValueError(f"{text[:40]!r} {fault}")
        return value


class Site(Table):
    """A place of a mission: one of sites.csv, or a new one with its fighting."""

    id: Name
    setting: Literal["land", "sea", "base"] | None = Field(
        None, description="of a new place; base: outside the area of operations; blank: land"
    )
    fighting: Share | None = Field(
        None, description="within reach of it, from the month of the event on"
    )


def _site(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


_written = {"anyOf": [{"type": "string"}, Site.model_json_schema()]}
SiteCell = Annotated[Site, BeforeValidator(_site), WithJsonSchema(_written)]
