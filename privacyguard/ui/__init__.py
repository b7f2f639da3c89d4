"""The window. The only package, with app, that knows Qt."""
