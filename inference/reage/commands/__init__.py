"""The engine's own commands, a module each: its docstring begins with its help, `add_arguments`
gives it its flags, and `run` does it."""
