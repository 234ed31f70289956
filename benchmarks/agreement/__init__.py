"""How often engines agree with the meaning of expressions: as this project compiles them, and written as they stand."""
