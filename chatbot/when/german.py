"""German words for days and times, and words that show that a number or a day means something else."""

from collections.abc import Iterator

from chatbot.when.lexicon import Row, build
from chatbot.when.tags import Tag

_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_PARTS_IN_COMPOUNDS = {
    "morgen": "morgens", "früh": "morgens", "vormittag": "vormittag", "mittag": "mittag",
    "nachmittag": "nachmittag", "abend": "abend",
}  # fmt: skip
_ONES = ("ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
_MONTHS = "januar februar märz april mai juni juli august september oktober november dezember"


def _compounds() -> Iterator[Row]:
    """Montagmorgen, montagnachmittags: a weekday and a part of the day in one word."""
    for day in _WEEKDAYS:
        for part, alone in _PARTS_IN_COMPOUNDS.items():
            yield Tag.SPLIT, f"{day} {alone}", f"{day}{part}"
            if part != "früh":
                yield Tag.SPLIT, f"{day}s {alone}", f"{day}{part}s, {day}s {part}s"


def _parts_of_periods() -> Iterator[Row]:
    for month in _MONTHS.split():
        yield Tag.SPLIT, f"woche im {month}", f"{month}woche"
    for unit, compound in (("woche", "wochen"), ("monat", "monats"), ("jahr", "jahres")):
        for part in ("anfang", "mitte", "ende"):
            if compound + part != "wochenende":
                yield Tag.SPLIT, f"{part} {unit}", compound + part


def _numbers() -> Iterator[Row]:
    words = {
        1: "eins", **dict(enumerate(_ONES[1:], start=2)), 10: "zehn", 11: "elf", 12: "zwölf",
        16: "sechzehn", 17: "siebzehn", 20: "zwanzig", 30: "dreißig", 40: "vierzig", 50: "fünfzig",
    }  # fmt: skip
    for n in (13, 14, 15, 18, 19):
        words[n] = f"{_ONES[n - 11]}zehn"
    for tens in (20, 30, 40, 50):
        for n, one in enumerate(_ONES, start=1):
            words[tens + n] = f"{one}und{words[tens]}"
    irregular = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}
    for n, word in words.items():
        yield Tag.NUMBER, n, word
        if n <= 31:
            stem = irregular.get(n) or (f"{word}t" if n < 20 else f"{word}st")
            yield Tag.ORDINAL, n, ", ".join(stem + ending for ending in ("e", "en", "er", "es", "em"))


_DAYS: tuple[Row, ...] = (
    *((Tag.WEEKDAY, n, f"{day}, {day}s, {day}e, {day[:2]}") for n, day in enumerate(_WEEKDAYS)),
    *((Tag.PLURAL, 1, f"{day}s, {day}e") for day in _WEEKDAYS),
    (Tag.WEEKDAY, 5, "sonnabend, sonnabends"),
    (Tag.WEAK, 1, "mo, di, mi, fr, sa"),
    (Tag.WEAK, 2, "do, so"),
    (Tag.WEEKDAYS, "weekend", "wochenende, wochenenden, wochenends"),
    (Tag.PLURAL, 1, "wochenenden, wochenends, an wochenenden"),
    (Tag.WEEKDAYS, "weekday", "werktag, werktags, werktagen, wochentag, wochentags, wochentagen, werktage"),
    (Tag.WEEKDAYS, "weekday", "unter der woche, während der woche, in der woche über, arbeitstag, arbeitstags"),
    (Tag.PLURAL, 1, "werktags, wochentags, unter der woche, während der woche, werktagen, wochentagen, werktage"),
    (Tag.MONTH, 1, "januar, jänner, jan"),
    (Tag.MONTH, 2, "februar, feber, feb"),
    (Tag.MONTH, 3, "märz, mrz"),
    (Tag.MONTH, 4, "april, apr"),
    (Tag.MONTH, 5, "mai"),
    (Tag.MONTH, 6, "juni, jun, juno"),
    (Tag.MONTH, 7, "juli, jul"),
    (Tag.MONTH, 8, "august, aug"),
    (Tag.MONTH, 9, "september, sept, sep"),
    (Tag.MONTH, 10, "oktober, okt"),
    (Tag.MONTH, 11, "november, nov"),
    (Tag.MONTH, 12, "dezember, dez"),
    (Tag.WEAK, 1, "jan, feb, mrz, märz, april, apr, mai, jun, juno, juli, jul, august, aug, sep, okt, nov, dez"),
    (Tag.SEASON, 3, "im frühling, im frühjahr, nächsten frühling, nächstes frühjahr"),
    (Tag.SEASON, 6, "im sommer, nächsten sommer"),
    (Tag.SEASON, 9, "im herbst, nächsten herbst"),
    (Tag.SEASON, 12, "im winter, nächsten winter"),
    (Tag.HOLIDAY, "christmas_eve", "heiligabend, heilig abend"),
    (Tag.HOLIDAY, "christmas", "weihnachten, weihnachtstag, ersten weihnachtstag"),
    (Tag.HOLIDAY, "new_years_eve", "silvester, sylvester"),
    (Tag.HOLIDAY, "new_year", "neujahr, jahreswechsel, neuem jahr"),
    (Tag.HOLIDAY, "easter", "ostern, ostersonntag"),
    (Tag.HOLIDAY, "easter_monday", "ostermontag"),
    (Tag.HOLIDAY, "good_friday", "karfreitag"),
    (Tag.SPLIT, "zwischen weihnachten und neujahr", "zwischen den jahren"),
    (Tag.HOLIDAY, "pentecost", "pfingsten, pfingstsonntag"),
    (Tag.RELATIVE, 0, "heute, heut, heutigen"),
    (Tag.RELATIVE, 1, "morgen, morgigen"),
    (Tag.RELATIVE, 2, "übermorgen"),
    (Tag.DAY_AFTER, 1, "nächsten tag, tag danach, tag darauf, tags darauf, folgetag, folgenden tag, tag nach"),
    (Tag.DAY_AFTER, 1, "einen tag später, ein tag später, den tag drauf, tag drauf, tag später"),
    (Tag.DAY_AFTER, -1, "tag davor, tag vorher, tag zuvor, vortag, tags zuvor, einen tag früher, tag früher"),
    (Tag.DAY_AFTER, -1, "tag vor, einen tag eher"),
    (Tag.DAY_AFTER, 7, "woche darauf, woche danach, folgewoche, folgende woche, folgenden woche, woche drauf"),
    (Tag.DAY_AFTER, -7, "woche davor, woche vorher, woche zuvor"),
    (Tag.PAST_DAY, 1, "gestern, vorgestern, vorvorgestern, gestrigen, neulich"),
    (Tag.PAST_DAY, 0, "heute nacht"),
    (Tag.UNIT, "minute", "minute, minuten, min"),
    (Tag.UNIT, "hour", "stunde, stunden, std"),
    (Tag.UNIT, "day", "tag, tage, tagen, tages"),
    (Tag.UNIT, "week", "woche, wochen"),
    (Tag.UNIT, "month", "monat, monate, monaten, monats"),
    (Tag.UNIT, "year", "jahr, jahre, jahren, jahres"),
    (Tag.NEXT, 1, "nächste, nächsten, nächster, nächstes, nächstem, im neuen, nexte, nexten, nexter"),
    (Tag.THIS, 1, "diese, diesen, dieser, dieses, diesem, laufende, laufenden, aktuelle, aktuellen"),
    (Tag.COMING, 1, "kommende, kommenden, kommender, kommendes, kommendem"),
    (Tag.AFTER_NEXT, 1, "übernächste, übernächsten, übernächster, übernächstes, übernächstem"),
    (Tag.LAST, 1, "letzte, letzten, letzter, letztes, letztem, vergangene, vergangenen, vorige, vorigen, vergangener"),
    (Tag.EVERY, 1, "jede, jeden, jeder, jedes, jedem, alle, allen"),
    (Tag.ANY, 1, "irgendein, irgendeinen, irgendeinem, beliebiger, beliebigen, irgendeine"),
    (Tag.ANYTIME, 1, "jederzeit, egal wann, irgendwann, ganztags, ganztägig, wann auch immer, zeitlich flexibel"),
    (Tag.ANYTIME, 1, "uhrzeit egal, uhrzeit ist egal, uhrzeit ist mir egal, zu jeder zeit"),
    (Tag.START, 1, "anfang, beginn, erste hälfte, ersten hälfte, anfangs"),
    (Tag.MID, 1, "mitte"),
    (Tag.END, 1, "ende, zweite hälfte, zweiten hälfte, gegen ende"),
    (Tag.EARLY, 1, "früh, frühen, zeitig"),
    (Tag.LATE, 1, "spät, späten"),
    (Tag.WEEK_NUMBER, 1, "kw, kalenderwoche"),
)

_HOURS: tuple[Row, ...] = (
    (Tag.PART, "morning", "morgen, morgens, vormittag, vormittags, früh, in der früh, vormittagen, in der frühe"),
    (Tag.PART, "early_morning", "frühmorgens, früh morgens, frühen morgen, frühen vormittag, früh am morgen"),
    (Tag.PART, "early_morning", "ganz früh, sehr früh, möglichst früh am morgen, gleich morgens, zeitig"),
    (Tag.PART, "late_morning", "späten vormittag, später vormittag, später am vormittag, spätvormittag"),
    (Tag.PART, "early", "gleich in der früh, gleich früh, als erstes, zum praxisbeginn, gleich am morgen"),
    (Tag.PART, "lunch", "mittag, mittags, mittagszeit, mittagspause, um die mittagszeit"),
    (Tag.PART, "noon", "zwölf uhr mittags, 12 uhr mittags"),
    (Tag.PART, "midnight", "mitternacht"),
    (Tag.PART, "after_lunch", "nach dem mittagessen, nach der mittagspause, nach dem mittag, nach mittag"),
    (Tag.PART, "before_lunch", "vor dem mittagessen, vor der mittagspause, vor dem mittag, vor mittag"),
    (Tag.PART, "afternoon", "nachmittag, nachmittags, nachmittagen"),
    (Tag.PART, "early_afternoon", "frühen nachmittag, früher nachmittag, früh am nachmittag"),
    (Tag.PART, "late_afternoon", "späten nachmittag, später nachmittag, spätnachmittag, später am nachmittag"),
    (Tag.PART, "late_afternoon", "spätnachmittags, spät am nachmittag"),
    (Tag.PART, "evening", "abend, abends, abenden"),
    (Tag.PART, "early_evening", "frühen abend, früher abend, vorabend, früh am abend"),
    (Tag.PART, "late_evening", "späten abend, später abend, spät am abend, spätabends"),
    (Tag.PART, "late", "spät am tag, ende des tages, am ende des tages, später am tag, als letztes"),
    (Tag.PART, "after_work", "nach feierabend, nach der arbeit, nach dem feierabend, nach dienstschluss"),
    (Tag.PART, "before_work", "vor der arbeit, vor arbeitsbeginn, vor der schule, vor dienstbeginn"),
    (Tag.PART, "after_school", "nach der schule, nach dem kindergarten, nach schulschluss, nach der kita"),
    (Tag.CLOCK_WORD, 1, "uhr, h"),
    (Tag.HALF, 1, "halb, halbe, halben"),
    (Tag.QUARTER, 1, "viertel"),
    (Tag.THREE_QUARTERS, 1, "dreiviertel, drei viertel"),
    (Tag.PAST, 1, "nach"),
    (Tag.MINUTES_TO, 1, "vor"),
    (Tag.AROUND, 1, "gegen, circa, zirka, ca, etwa, ungefähr, so gegen, um etwa, um ca, so um, um die, kurz nach"),
    (Tag.AROUND, 1, "um circa, um ungefähr, so etwa, kurz vor"),
    (Tag.AROUND_AFTER, 1, "herum, rum, plus minus"),
    (Tag.ONWARDS, 1, "oder später, oder danach, aufwärts, und später, oder nachher"),
    (Tag.AT_LATEST, 1, "oder früher, oder eher, oder davor"),
    *_numbers(),
    (Tag.ARTICLE, 1, "ein, eine, einen, einem, einer"),
    (Tag.NUMBER, 2, "zwo, paar, ein paar, zweier"),
    (Tag.NUMBER, 3, "einigen, einige, mehreren"),
    (Tag.VAGUE, 1, "paar, ein paar, einigen, einige, mehreren"),
)

_LINKS: tuple[Row, ...] = (
    (Tag.AT, 1, "um"),
    (Tag.ON, 1, "am, an, an einem, zum, zu, auf, auf den, an dem, an den"),
    (Tag.ARTICLE, 1, "an einem"),
    (Tag.IN, 1, "in, im, während, über, übers"),
    (Tag.OF, 1, "des, vom, von, der, im, in"),
    (Tag.THE, 1, "der, die, das, den, dem, des, beim, zur, vom, zum"),
    (Tag.FOR, 1, "für, fürs"),
    (Tag.WITHIN, 1, "innerhalb, binnen, innerhalb von"),
    (Tag.AFTER, 1, "nach, später als, erst nach, nicht vor dem ende von"),
    (Tag.BEFORE, 1, "vor, vorm, früher als, eher als, noch vor"),
    (Tag.FROM, 1, "ab, von, vom, frühestens, frühestens ab, erst ab, nicht vor, nicht früher als, nicht eher als"),
    (Tag.FROM, 1, "nicht vor dem, beginnend, frühestens um, frühestens am, ab dem, erst um, erst am"),
    (Tag.UNTIL, 1, "bis, bis zum, bis zu, spätestens, spätestens um, spätestens bis, nicht nach, nicht später als"),
    (Tag.UNTIL, 1, "bis spätestens, spätestens am, bis um, bis einschließlich"),
    (Tag.TO, 1, "bis, bis zum, bis um"),
    (Tag.BETWEEN, 1, "zwischen, irgendwann zwischen"),
    (Tag.AND, 1, "und, sowie"),
    (Tag.OR, 1, "oder, beziehungsweise, bzw, alternativ, ansonsten, sonst, und oder, notfalls"),
    (Tag.NOT, 1, "nicht, kann nicht, kann ich nicht, statt, anstatt, anstelle von, lieber nicht, nur nicht"),
    (Tag.NOT, 1, "verhindert, im urlaub, nicht da, verreist, arbeite ich, ich arbeite, niemals, bloß nicht"),
    (Tag.NOT, 2, "als"),
    (Tag.NO, 1, "nein, nee, nö"),
    (Tag.EXCEPT, 1, "außer, ausgenommen, abgesehen von, bis auf, mit ausnahme von, aber nicht, kein, keine, keinen"),
    (Tag.EXCEPT, 1, "außer am, jedoch nicht, nur nicht am"),
    (Tag.BUT, 1, "aber, sondern, jedoch"),
    (Tag.RULED_OUT, 1, "geht nicht, geht leider nicht, passt nicht, passt leider nicht, passt mir nicht, klappt nicht"),
    (Tag.RULED_OUT, 1, "kann ich nicht, ist schlecht, ist nicht möglich, ungünstig, schlecht, geht es nicht"),
    (Tag.RULED_OUT, 1, "kann ich leider nicht, bin ich nicht da, habe ich keine zeit, ist ungünstig, geht gar nicht"),
    (Tag.RULED_OUT, 1, "arbeite ich, nicht, verhindert, im urlaub, verreist, nicht da, unterwegs, auf reisen"),
    (Tag.RULED_OUT, 1, "passt es nicht, passt es mir nicht, geht bei mir nicht"),
    (Tag.FROM_NOW, 1, "von jetzt an, ab jetzt, ab heute"),
    (Tag.LATER, 1, "später, danach, nachher"),
    (Tag.LATER, -1, "früher, eher, vorher, davor"),
    (
        Tag.SAME,
        1,
        "gleiche, gleichen, selbe, selben, dieselbe, derselben, gleicher, dieselben, zur gleichen, zur selben",
    ),
    (Tag.OTHER, 1, "andere, anderen, anderer, anderes, anderem"),
    (Tag.TIME_OF_DAY, 1, "zeit, uhrzeit"),
    (Tag.ASAP, 1, "so bald wie möglich, sobald wie möglich, so schnell wie möglich, so früh wie möglich, sofort"),
    (Tag.ASAP, 1, "möglichst bald, möglichst schnell, möglichst früh, schnellstmöglich, baldmöglichst, umgehend"),
    (Tag.ASAP, 1, "nächstmöglich, nächstmöglichen, nächstmöglicher, frühestmöglich, frühestmöglichen, schnellstens"),
    (Tag.ASAP, 1, "nächster freier, nächsten freien, nächste freie, erster freier, ersten freien, erste freie, bald"),
    (Tag.ASAP, 1, "so bald es geht, so schnell es geht, so bald als möglich, so schnell als möglich, asap, baldigst"),
    (Tag.ASAP, 1, "ehestmöglich, jetzt gleich, jetzt sofort, je früher desto besser, je eher desto besser"),
    (Tag.ASAP, 1, "schnellstmöglichen, frühesten, früheste, frühester, frühestmöglicher, sobald es geht, baldige"),
    (Tag.PROPOSING, 1, "wie wäre, wie wäre es, vielleicht, eher, lieber, dann, sagen wir"),
    (Tag.FILLER, 1, "bitte, vielleicht, eventuell, gern, gerne, lieber, am liebsten, doch, noch, auch, dann, nur, mal"),
    (Tag.FILLER, 1, "es, ich, geht, ginge, passt, wäre, ist, so, wohl, wenn möglich, möglichst, besser, gut, schön"),
    (Tag.FILLER, 1, "kommen, könnte, kann, möchte, würde, hätte, irgendwann, einfach, entweder, stattdessen, frei"),
    (Tag.FILLER, 1, "termin, einen termin, wieder, genau, punkt, pünktlich, vorzugsweise, idealerweise, wie wäre es"),
    (Tag.FILLER, 1, "mir, mich, was, etwas, bei, wie wäre, ja, eigentlich, leider, erst, da, hier, schon"),
)

_OTHER_ROLES: tuple[Row, ...] = (
    (Tag.SINCE, 1, "seit, seitdem"),
    (Tag.AGO, 1, "her, zuvor"),
    (Tag.AGO_BEFORE, 1, "vor"),
    (Tag.NOISE, 1, "guten morgen, guten tag, guten abend, schönen tag, schönen abend, schönes wochenende, gute nacht"),
    (Tag.NOISE, 1, "schönen nachmittag, schönen vormittag, schöne woche, einen schönen tag, moin, tag zusammen"),
    (Tag.NOISE, 1, "schönen tag noch, schönen abend noch, bis später, bis bald, bis dann, früher oder später"),
    (Tag.NOISE, 1, "pro tag, mal am tag, pro woche, in der nacht, nachts, nacht, die ganze nacht, den ganzen tag"),
    (
        Tag.NOISE,
        1,
        "ganzen tag, jede nacht, tag und nacht, tagsüber, pro monat, mal im monat, mal im jahr, pro jahr, am stück",
    ),
    (Tag.NOISE, 1, "erstes mal, letztes mal, nächstes mal, dieses mal, diesmal, das erste mal, zum ersten mal"),
    (Tag.NOISE, 1, "zweite meinung, zweiten meinung, zum zweiten mal, zur zeit, zurzeit, in letzter zeit, von zeit"),
    (Tag.NOISE, 1, "im moment, öffnungszeiten, sprechzeiten, eines tages, im notfall, erst mal, erstmal, so lange"),
    (Tag.NOISE, 1, "der spätere, der frühere, das spätere, das frühere, zu spät, zu früh, nach wie vor"),
    (Tag.INTENT, 1, "kann, könnte, können, möchte, will, würde, hätte, brauche, bräuchte, kommen, buchen, termin"),
    (
        Tag.INTENT,
        1,
        "frei, verfügbar, bitte, verschieben, verlegen, absagen, passt, geht, ginge, ging, wäre, gern, gerne",
    ),
    (Tag.INTENT, 1, "besser, lieber, möglich, vorbeikommen, wie wäre, suche, nehme, nehmen, machen, gut, gerne"),
    (Tag.MOVE, 1, "verschieben, verlegen, umbuchen, tauschen, ändern, vorziehen, verschoben, verlegt, umlegen"),
    (Tag.PRONOUN, 1, "ich, es, er, sie, wir, mein, meine, deshalb, daher, können, könnte, kann, bitte, darum"),
    (Tag.COMPLAINT, 1, "schmerzt, weh, wehgetan, angefangen, begonnen, begann, abgebrochen, gebrochen, rausgefallen"),
    (Tag.COMPLAINT, 1, "herausgefallen, gefallen, passiert, geschwollen, aufgewacht, blutet, geblutet, pocht, war"),
    (Tag.COMPLAINT, 1, "schlimmer, verloren, fing, brach, hatte, abgegangen, gestürzt, aufgetreten, zieht, gezogen"),
    (Tag.COMPLAINT_NOUN, 1, "schmerz, schmerzen, zahnschmerz, zahnschmerzen, blutung, schwellung, kopfschmerzen"),
    (Tag.TITLE, 1, "dr, frau, herr, herrn, prof, professor"),
    (Tag.TITLE, 2, "doktor, zahnarzt, zahnärztin"),
    (Tag.NAME_CUE, 2, "mein name ist, name ist, ich heiße, heiße, name, heißt"),
    (Tag.NAME_CUE, 1, "ich bin, hier ist, bin, hier spricht"),
    (Tag.COUNTED, 1, "zähne, zähnen, zahn, personen, leute, kinder, kindern, mal, prozent, mg, ml, cm, mm, km"),
    (Tag.COUNTED, 1, "füllungen, füllung, kronen, krone, implantate, implantat, tabletten, tablette, termine"),
    (Tag.COUNTED, 1, "euro, dollar, franken, jahre, jahren, jahr, jährige, jähriger, weisheitszähne, patienten"),
    (Tag.COUNTED, 1, "brücken, stück, punkte, punkten, veneers, wurzelkanäle, löcher, sterne, meter, geschwister"),
    (
        Tag.COUNTED,
        2,
        "stock, option, meinung, mal, versuch, vorschlag, kind, klasse, termin, tag, woche, monat, stunde",
    ),
    (Tag.COUNTED, 2, "sitzung, zahn, quadrant, angebot, besuch"),
    (Tag.LABEL, 1, "zahn, zähne, option, zimmer, raum, stock, seite, alter, nummer, nr, skala, stufe, hausnummer"),
    (Tag.LABEL, 1, "schmerzskala, straße, klasse, größe, wohnung, haus, platz"),
    (Tag.PAIN, 1, "schmerz, schmerzen, zahnschmerzen, weh, schmerzt, skala, schmerzskala, stärke, pocht"),
    (Tag.BORN, 1, "geboren, geb, geburtstag, geburtsdatum"),
)

GERMAN = build(
    "de",
    (*_compounds(), *_parts_of_periods(), *_DAYS, *_HOURS, *_LINKS, *_OTHER_ROLES),
    half_is_before=True,
    mistypable=" ".join(
        [*_WEEKDAYS, *(f"{day}{part}" for day in _WEEKDAYS for part in _PARTS_IN_COMPOUNDS if part != "früh")]
    )
    + " übermorgen morgens vormittag vormittags nachmittag nachmittags mittags abends wochenende werktags"
    " januar februar september oktober november dezember nächste nächsten nächster nächstes kommende kommenden"
    " übernächste übernächsten donnerstags mittwochs freitags dienstags montags samstags sonntags gestern heute"
    " zwischen dreiviertel viertel spätestens frühestens sofort",
    lookalikes="leute haute heuten beute freitas sorgen norden morden morten nächte nächtens freistag sonntag's"
    " freital mogens extern gestein gesten vierteln soforte",
)
