"""Time: whole nanoseconds, half-open spans, exact rates, frame tables, clock maps. Pure arithmetic."""
