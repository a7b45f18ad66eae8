"""Pure functions over an inventory: arithmetic, clocks, access, tiers, escalation and repair."""
