"""Times with their minutes, always: `9:00 a.m.` stands better in a column of times than `9 a.m.` or `noon`."""

TIME_FORMAT = "g:i a"
DATETIME_FORMAT = "N j, Y, g:i a"
