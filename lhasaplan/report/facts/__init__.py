"""What drafts state: sums, tables, options and answers, the same for every format."""
