"""Machine code of a kernel and of all that it calls, made once.

numba by itself makes machine code of every function, and optimises and makes it anew in whatever
calls it, level by level. Here a function that is called by another one is typed and written as
LLVM's code alone; it is optimised with its callers, where it ends.
"""

import functools
import inspect

from numba import types
from numba.core import compiler
from numba.core.codegen import JITCodeLibrary
from numba.core.typing.templates import infer_global, make_intrinsic_template


class _Source(JITCodeLibrary):
    """Code to be linked into others, not optimised by itself."""

    def _optimize_final_module(self):
        pass

    def _finalize_final_module(self):
        self._finalized = True


class Compiled:
    """A function for Python, which makes machine code of it, and for compiled functions.

    dispatcher : what numba.njit made of it, whose options hold in both uses
    py_func : the function itself
    """

    def __init__(self, dispatcher):
        self.dispatcher, self.py_func = dispatcher, dispatcher.py_func
        functools.update_wrapper(self, self.py_func)
        template = make_intrinsic_template(self, self._typing(), self.__name__)
        infer_global(self, types.Function(template))

    def __call__(self, *arguments):
        return self.dispatcher(*arguments)

    def _typing(self):
        """What numba asks for a call's signature, and for the function that writes the call."""

        def typing(_context, *kinds):
            made = self._source(kinds)

            def generate(context, builder, signature, arguments):
                context.active_code_library.add_linking_library(made.library)
                return context.call_internal(builder, made.fndesc, signature, arguments)

            return made.signature, generate

        # numba takes the names of a call's arguments from here
        own = inspect.signature(self.py_func)
        context = inspect.Parameter("_context", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        typing.__signature__ = own.replace(parameters=[context, *own.parameters.values()])
        return typing

    def _source(self, kinds):
        """numba's result for arguments of these types, with its code in a _Source."""
        target, options = self.dispatcher.targetdescr, self.dispatcher.targetoptions
        flags = compiler.Flags()
        target.options.parse_as_flags(flags, options)
        flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
        # not the caller's context, which may count references
        contexts = (target.typing_context, target.target_context)
        library = _Source(target.target_context.codegen(), self.__name__)
        made = compiler.compile_internal(*contexts, library, self.py_func, kinds, None, flags, {})
        if not flags.forceinline:
            # a loop is turned into vectors while it is in a function of its own, see advance_sites
            library.get_function(made.fndesc.mangled_name).add_function_attribute("noinline")
        return made
