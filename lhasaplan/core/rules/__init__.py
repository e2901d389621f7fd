"""What rule packs and policy ask: articles, thresholds, mandate fields, and the least that data may set."""
