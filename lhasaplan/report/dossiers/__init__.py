"""Papers that offices hand in: impact assessments and files for an authorisation, in the order that data state."""
