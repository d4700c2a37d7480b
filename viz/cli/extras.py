"""Packages that only some commands need, and the extra of the installation that brings each."""

from importlib.util import find_spec

from model.errors import InputError

EXTRAS = {  # those that say so themselves where they are imported are left out
    "arviz": "fit",
    "numpyro": "fit",
    "SALib": "analysis",
    "scipy": "analysis",
    "scoringrules": "analysis",
    "sklearn": "analysis",
    "statsmodels": "analysis",
    "pyabc": "fit",
}


def missing(package: str) -> InputError:
    """The sentence for a package that is not there."""
    extra = EXTRAS[package]
    return InputError(
        f"this command needs the package {package}, which a plain installation leaves out; install "
        f"the extra {extra!r}: pip install 'peacekeeping[{extra}]'"
    )


def require(*packages: str) -> None:
    """Raise InputError, before any work is done, for the first package that is not installed."""
    for package in packages:
        if find_spec(package) is None:
            raise missing(package)
