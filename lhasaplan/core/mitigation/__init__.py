"""What would end a finding or serve a part: changes tried out in the same world as the audit."""
