# Nothing but what every assembler output has.
