"""The commands: one module for each group. Each adds its parsers and runs them on a :class:`~.call.Call`."""
