"""The package's version, read by the build and by the output."""

__version__ = "0.1.0"
