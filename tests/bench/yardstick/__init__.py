"""An open yardstick for tools that compute what cameras see: 12 scenes, the truth by plain ray casting, and a scorer (CC0)."""
