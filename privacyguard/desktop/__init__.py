"""The desktop around us: its power, network, screen, notices, and how it starts us by itself."""
