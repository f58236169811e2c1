"""Times with their minutes, always, and without full stops: `9:00 AM` stands well in a column and at a sentence's end."""

TIME_FORMAT = "g:i A"
DATETIME_FORMAT = "N j, Y, g:i A"
SHORT_DATETIME_FORMAT = "m/d/Y g:i A"
