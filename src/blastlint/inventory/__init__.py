"""The inventory: what people declare about agents, tools and credentials before launch."""
