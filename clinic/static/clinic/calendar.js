/** The dentist's calendar, made quicker: the modules that do it. The page works without any of them. */
