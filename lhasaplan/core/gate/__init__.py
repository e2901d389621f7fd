"""Whether a project may plan: the mandate, the plan area, and the ground on which its packs let it plan."""
