"""Model Context Protocol: the tools that servers offer."""
