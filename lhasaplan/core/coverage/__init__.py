"""How parts are served: shares, verdicts, gaps, overlap, removable cameras, and ground that no part asks for."""
