"""Functions that only compiled code calls: typed and lowered once, optimised with their caller.

Numba makes machine code of every function by itself and then again in each of its callers.  A part
here has none of its own: its intermediate code waits until a function that Python calls is made,
which takes in the parts of all its parts, each once, and is optimised whole.  Whole numbers reach a
part as 64 bits whatever their width, so that there is one of it and not one for each width.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from llvmlite import binding as llvm
from numba.core import codegen, compiler, types
from numba.core.registry import CPUDispatcher

PART = "part"  # beside the kinds of libraries that numba keeps on disk
UNSERIALIZE = cast(Any, codegen.JITCodeLibrary._unserialize).__func__


class _NoEnvironment:
    """A code generator for which no environment is kept: parts never call Python."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __getattr__(self, name: str) -> Any:
        return getattr(self._generator, name)

    def set_env(self, name: str, environment: Any) -> None:
        """Nothing: the part has no address to put it at."""


class PartLibrary(codegen.JITCodeLibrary):
    """Intermediate code of one part; what it calls stays in libraries of its own."""

    _joined: Any = None

    @property
    def codegen(self) -> Any:
        """The generator, without environments."""
        return _NoEnvironment(self._codegen)

    def finalize(self) -> None:
        """Close it, without optimising and without machine code."""
        self._raise_if_finalized()
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """No address."""
        self._ensure_finalized()
        return 0

    def alone(self) -> Any:
        """Its own code, for a library that takes in the parts of its parts itself."""
        return super()._get_module_for_linking()

    def _get_module_for_linking(self) -> Any:
        """Its code and that of all it calls, for functions that numba compiles in its own way."""
        if self._joined is None:
            joined = self.alone().clone()
            for library in _with_parts(self._linking_libraries):
                joined.link_in(_own_code(library), preserve=True)
            self._joined = joined
        return self._joined

    def serialize_using_object_code(self) -> tuple[str, str, bytes]:
        """What is kept of it on disk: its code and that of all it calls."""
        return self.name, PART, self._get_module_for_linking().as_bitcode()

    @classmethod
    def _unserialize(cls, generator: Any, state: Any) -> Any:
        name, _, code = state
        self = cls(generator, name)
        self._final_module = llvm.parse_bitcode(code)
        self._finalized = True
        return self


class WholeLibrary(codegen.JITCodeLibrary):
    """Code of a function that Python calls, with the parts of all its parts."""

    def finalize(self) -> None:
        """Take in all parts, optimise, and make machine code."""
        for library in _with_parts(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(_own_code(library), preserve=True)
        self._linking_libraries = type(self._linking_libraries)()
        super().finalize()


def _from_disk(cls: Any, generator: Any, state: Any) -> Any:
    """Numba's way from the disk back to a library, and that of parts."""
    if state[1] == PART:
        return PartLibrary._unserialize(generator, state)
    return UNSERIALIZE(cls, generator, state)


def _own_code(library: Any) -> Any:
    return (
        library.alone() if isinstance(library, PartLibrary) else library._get_module_for_linking()
    )


def _with_parts(libraries: Any) -> Iterator[Any]:
    """Libraries and, of parts, those that they call: each once."""
    seen: set[int] = set()
    waiting = list(libraries)
    while waiting:
        library = waiting.pop(0)
        if id(library) in seen:
            continue
        seen.add(id(library))
        yield library
        if isinstance(library, PartLibrary):
            waiting += library._linking_libraries


def _library(kind: type, target: Any) -> Any:
    generator = target.codegen()
    library = kind(generator, "model")
    library.enable_object_caching()
    return library


class PartCompiler(compiler.Compiler):
    """Numba's steps, into a ``PartLibrary``."""

    def __init__(self, typing: Any, target: Any, library: Any, *more: Any) -> None:
        super().__init__(typing, target, library or _library(PartLibrary, target), *more)


class WholeCompiler(compiler.Compiler):
    """Numba's steps, into a ``WholeLibrary``."""

    def __init__(self, typing: Any, target: Any, library: Any, *more: Any) -> None:
        super().__init__(typing, target, library or _library(WholeLibrary, target), *more)


NARROW = (types.int8, types.int16, types.int32, types.uint8, types.uint16, types.uint32)


def widened(kind: Any) -> Any:
    """The type in which a part takes an argument."""
    if isinstance(kind, types.Omitted):
        if isinstance(kind.value, bool):
            return types.boolean
        if isinstance(kind.value, int):
            return types.int64
        return types.float64 if isinstance(kind.value, float) else kind
    plain = types.unliteral(kind)
    return types.int64 if plain in NARROW else plain


class Part(CPUDispatcher):
    """A part: compiled code calls it, Python cannot, for that would end the interpreter."""

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """As numba's, with every argument in the width in which a part takes it."""
        _, folded = cast(Any, self)._compiler.fold_argument_types(args, kws)
        return super().get_call_template(tuple(map(widened, folded)), {})

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        name = self.py_func.__name__
        raise TypeError(
            f"{name} is a compiled step that only compiled code can call; call {name}.py_func "
            "with NUMBA_DISABLE_JIT=1 in the environment, or a step of model.steps.schedule"
        )


class Callable(CPUDispatcher):
    """A function that Python calls, and compiled code as the part ``inner``."""

    inner: Any  # the part

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """That of the part."""
        return self.inner.get_call_template(args, kws)

    def get_overload(self, sig: Any) -> Any:
        """That of the part."""
        return self.inner.get_overload(sig)


cast(Any, codegen.JITCodeLibrary)._unserialize = classmethod(_from_disk)
