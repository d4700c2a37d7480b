"""Pictures drawn in a process of their own, so that one that cannot be drawn ends nothing else."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import altair as alt

from model.errors import InputError

CHILD = Path(__file__).with_name("draw_child.py")
LONGEST = 60  # seconds
FAILED = "the picture could not be drawn; its numbers are in the CSV"


def draw(spec: dict[str, Any], form: str, scale: float = 1.0) -> bytes:
    """A Vega-Lite specification as 'png' or 'svg'.

    Raises:
        InputError: it cannot be drawn, or not within a minute.
    """
    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    asked = {"spec": spec, "form": form, "scale": scale, "version": version}
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(CHILD)],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=LONGEST,
            check=True,
        )
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise InputError(FAILED) from error
    return done.stdout
