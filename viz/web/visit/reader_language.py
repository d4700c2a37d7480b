"""In which language each visitor reads: what the link says, else what the browser asks for."""

from __future__ import annotations

from typing import Any

import solara.lab
from solara.server import kernel_context

from ...language import spoken
from ...language.languages import ENGLISH, wished

KEPT = "peacekeeping.language"  # with what else the server keeps for a visitor, and forgets


def read_in(language: str) -> str:
    """Show this visitor's page in a language; blank: the one that the browser asks for."""
    found = language or wished(accepted())
    kernel_context.get_current_context().user_dicts[KEPT] = {"code": found}
    return found


def accepted() -> str:
    """What the browser says of the languages that its reader wants."""
    headers: Any = solara.lab.headers
    return ",".join((headers.value or {}).get("accept-language", []))


def language() -> str:
    """The language of the visitor for whom is being worked now."""
    if not kernel_context.has_current_context():
        return ENGLISH
    kept = kernel_context.get_current_context().user_dicts
    return str(kept.get(KEPT, {}).get("code", ENGLISH))


spoken.ask(language)
