"""Steps of the schema, in order; none is changed once it was released."""
