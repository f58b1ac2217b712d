"""What is known of libraries, methods and magics: tables, no rules."""
