"""The order and the panels in which ``peacekeeping --help`` lists the commands."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

PANELS: dict[str, tuple[str, ...]] = {
    "Ask the model": ("run", "explain", "compare", "app"),
    "Look up": ("scenarios", "law", "record", "docs"),
    "Many scenarios": ("outlook", "designs", "sweep", "sensitivity"),
    "Fit and validate": ("calibrate", "validate"),
}


class Commands(TyperGroup):
    """Lists commands panel by panel; one that no panel names comes last."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the panels."""
        names = super().list_commands(ctx)
        listed = [name for panel in PANELS.values() for name in panel if name in names]
        for title, panel in PANELS.items():
            for name in panel:
                if name in self.commands:
                    self.commands[name].rich_help_panel = title  # type: ignore[attr-defined]
        return [*listed, *(name for name in names if name not in listed)]
