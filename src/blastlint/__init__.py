"""blastlint: what may this agent do, what can it do, and who answers for the difference."""

from blastlint.version import __version__

__all__ = ["__version__"]
