"""Audit and check from a project to one assessment, and what of it outputs may show."""
