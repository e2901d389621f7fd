"""Which map features are protected: kinds, the least that data must protect, and what evidence a feature gives."""
