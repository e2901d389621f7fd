"""Drafts out: one assessment, told the same in every format."""
