"""The language server: what a check says, and what an inventory means, while it is written."""
