"""The version, as a constant: asking the packaging metadata costs more than a whole check."""

__version__ = "0.1.0"
