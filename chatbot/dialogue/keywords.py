"""The words that the dialogue listens for, English and German, folded (lower case, ae for ä, ss for ß)."""

from __future__ import annotations


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _phrases(listed: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.split()) for phrase in " ".join(listed.split()).split(", ") if phrase.strip())


TITLES = _words("dr doctor doc prof professor med dent frau herr mr mrs ms miss doktor zahnarzt zahnaerztin dentist")
NAME_LEADS = _words("with to by bei zu mit see dr doctor frau herr dentist zahnarzt zahnaerztin")
RULES_OUT = _words("not no nicht kein keine keinen except but ausser ohne without statt never instead nie")
NO_ALONE = _words("no but")
BEFORE_NAMES = TITLES | _words(
    "with to by bei zu mit of von the der die den zur zum for at again wieder see want like anyone"
)

OF_ANY_TREATMENT = _words(
    "treatment treatments visit consultation surgery removal removing professional first appointment tooth teeth and or "
    "with the for coloured colored dental behandlung termin beratung besuch professionelle zahn zaehne und oder mit der "
    "die das fuer ziehen entfernung erste erstes injuries injury"
)
TREATMENT_SYNONYMS = tuple(
    _words(group)
    for group in (
        "cleaning clean hygiene hygienist zahnreinigung reinigung prophylaxe prophylaxis pzr zahnstein",
        "checkup kontrolle kontrolluntersuchung kontrolltermin untersuchung vorsorge examination exam checkups",
        "filling fillings fuellung fuellungen plombe plomben",
        "root canal wurzelbehandlung wurzelkanalbehandlung wurzelkanal endodontic endodontics",
        "crown crowns bridge krone kronen bruecke bruecken",
        "implant implants implantat implantate",
        "wisdom weisheitszahn weisheitszaehne weisheitszahnentfernung",
        "whitening bleaching whiten aufhellung zahnaufhellung",
        "braces aligners aligner orthodontics orthodontist invisalign zahnspange spange kieferorthopaedie straightening",
        "gum gums parodontose parodontitis parodontalbehandlung zahnfleisch zahnfleischbehandlung periodontal",
        "children child childrens kinder kind kinderzahnheilkunde kids paediatric pediatric kinderkontrolle",
        "denture dentures prothese prothesen",
        "veneer veneers",
        "extraction extractions extraktion zahnentfernung",
        "toothache pain zahnschmerzen schmerzen schmerztermin notfalltermin emergency",
    )
)
PURPOSES: dict[str, frozenset[str]] = {
    "complaint": _words("toothache pain zahnschmerzen schmerzen schmerztermin notfalltermin emergency urgent"),
    "checkup": _words("checkup kontrolle kontrolluntersuchung untersuchung vorsorge examination"),
    "cleaning": _words("cleaning hygiene zahnreinigung reinigung prophylaxe"),
    "cosmetic": _words("whitening bleaching aufhellung zahnaufhellung cosmetic veneers"),
    "straightening": _words("braces aligners orthodontics zahnspange kieferorthopaedie straightening"),
    "children": _words("children childrens child kinder kids"),
}
PURPOSE_OF_SIGN = {
    "checkup": "checkup", "hygiene": "cleaning", "cosmetic": "cosmetic", "orthodontic_wish": "straightening",
    "planned_treatment": "", "bad_breath": "checkup", "grinding": "checkup", "milk_tooth_loose": "checkup",
    "teething": "checkup", "dry_mouth": "checkup",
}  # fmt: skip

YES = _words(
    "yes yeah yep yup yess ja jo jawohl ok okay correct confirm confirmed passt genau stimmt gerne klar einverstanden agreed "
    "sure perfect absolutely definitely bestaetige bestaetigt y jep okey"
)
YES_FILLERS = _words(
    "pls plz please bitte it that thats that's is this das den termin so do go ahead thanks thank you danke i ich the "
    "appointment me und and vielen dann "
    "sounds good gut ist alles all es for fuer mir to very book buchen buche mach machen visit slot jetzt now sehr right "
    "perfectly fine great super"
)
TO_BOOK = _words("book buchen buche ahead do mach machen")
TO_CANCEL = _words("cancel absagen stornieren ahead do mach")
TO_MOVE = _words("move verlegen verschieben ahead do mach")
NO = _words("no nope nah nein ne nee noe wrong falsch n")
NO_FILLERS = _words(
    "thanks thank you danke that's thats is das ist that not nicht it es please bitte lieber rather quite so "
    "keep behalten wait warte moment"
)
NUMBER_LEADS = _words("number nr no option slot nummer the one please bitte der die das den ich nehme i take i'll ill choose "
                      "would like want for me times time und and okay ok yes ja gerne termin zeit wahl nehmen moechte i'd id "
                      "go with book buchen buche vorschlag platz thanks danke of von them ist passt is fine works "
                      "good")  # fmt: skip
ORDINALS = {
    "first": 0, "1st": 0, "one": 0, "second": 1, "2nd": 1, "two": 1, "third": 2, "3rd": 2, "three": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "sixth": 5, "6th": 5, "last": -1, "earliest": 0, "soonest": 0, "latest": -1,
    "erste": 0, "ersten": 0, "erster": 0, "erstes": 0, "zweite": 1, "zweiten": 1, "zweiter": 1, "zweites": 1,
    "dritte": 2, "dritten": 2, "dritter": 2, "vierte": 3, "vierten": 3, "fuenfte": 4, "fuenften": 4, "sechste": 5,
    "sechsten": 5, "letzte": -1, "letzten": -1, "letzter": -1, "frueheste": 0, "fruehesten": 0,
}  # fmt: skip

QUESTION_WORDS = _words(
    "what how when where which who do does are is can could wie was wann wo welche welcher welches wer haben hat nehmen gibt "
    "kann koennen what's whats where's wheres"
)
FOR = _words("for fuer")
EARLIER = _words("earlier sooner before frueher eher davor")
SAME = _words("same selbe selben gleiche gleichen")
RELATIVE = EARLIER | SAME | _words("later after hour hours spaeter stunde stunden danach")
NOTHING = _words("none nothing nichts keine keins kein nope no nein at all gar ueberhaupt thanks danke")
PICKING = _words("one take nehme nehmen")
NAME_PARTICLES = _words("von van de la der den del da di el al bin ibn zu zum le mac o st")

# A phrase with = before it has to be the whole message.
INTENTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "restart": _phrases("""start over, start again, restart, start from scratch, start anew, begin again, reset, von vorn,
        von vorne, neu anfangen, neu starten, neustart, noch mal von vorn, alles neu, forget everything, new conversation"""),
    "back": _phrases(
        """go back, =back, =previous, one step back, =undo, =zurueck, geh zurueck, bitte zurueck, schritt zurueck, rueckgaengig"""
    ),
    "human": _phrases("""talk to someone, talk to a person, talk to a human, real person, human, speak to someone, a person,
        speak to a person, speak to someone, call you, receptionist, reception, agent, operator, mitarbeiter, mitarbeiterin,
        mit einem menschen, einem menschen, mensch, echte person, jemanden sprechen, jemandem sprechen, empfang, rezeption,
        anrufen, your phone number, your number, your email, ihre telefonnummer, ihre nummer, telefonnummer der praxis,
        phone you, ring you, contact you, somebody on the phone, email you, eure nummer, speak with someone"""),
    "help": _phrases("""help, hilfe, what can you do, was kannst du, was koennen sie, how does this work, wie geht das,
        what now, who are you, wer bist du, can you help me,
        kannst du mir helfen, koennen sie mir helfen, koennt ihr mir helfen,
         are you a bot, are you human, are you a real, bist du ein mensch, sind sie ein mensch, bist du ein bot, what are you"""),
    "greeting": _phrases("""hello, hi, hey, good morning, good afternoon, good evening, hallo, guten tag, guten morgen,
        guten abend, moin, gruess gott, servus, hiya"""),
    "thanks": _phrases("""thanks, thank you, thx, danke, vielen dank, dankeschoen, cheers, bye, goodbye, tschuess,
        auf wiedersehen, ciao"""),
    "abuse": _phrases("""fuck, fucking, shit, idiot, stupid, asshole, bitch, bastard, moron, useless, scheisse, arschloch,
        idiot, dumm, bloed, bloeder, wichser, hurensohn, verpiss, fick, depp, crap, piss off, shut up, halt die klappe"""),
    "hours": _phrases("""opening hours, open hours, office hours, opening times, your hours, are you open, you open,
        do you close, you close, oeffnungszeiten, sprechzeiten, sprechstunde, wann haben sie auf, wann habt ihr auf,
        geoeffnet, wann offen, haben sie auf, habt ihr auf, wann machen sie auf, wann schliessen sie, are you closed, =hours"""),
    "prices": _phrases("""price, prices, cost, costs, how much, fee, fees, expensive, price list, charge,
        how long does, how long is, how long will, how long would, wie lange dauert, wie lang dauert, kosten, kostet,
        preis, preise, preisliste, wie teuer, was kostet, wieviel, gebuehren, pay for"""),
    "address": _phrases("""address, where are you, located, location, directions, how do i get to you, how do i find you,
        adresse, anschrift, wo sind sie, wo seid ihr, wo ist die praxis, wo finde ich, standort, anfahrt, parking, park,
        parkplatz, parken, where is the practice, where is the clinic, where do i have to go"""),
    "insurance": _phrases("""insurance, insured, insurer, krankenkasse, versicherung, krankenversicherung, kassenpatient,
        do you accept, do you take, nehmt ihr, nehmen sie, aok, barmer, dak, tkk, medicare,
        privatpatient, kasse, health plan, medicaid, copay, reimbursed, erstattet, versichert, versichertenkarte"""),
    "treatments": _phrases("""what treatments, which treatments, treatments do you offer, what do you offer, services, do you do,
        do you offer, machen sie auch, macht ihr auch, macht ihr, bieten sie,
        list of treatments, welche behandlungen, leistungen, was bieten sie, was machen sie alles, was bietet ihr,
        angebot, treatments"""),
    "dentists": _phrases("""which dentists, which dentist, who are the dentists, your dentists, list of dentists,
        what dentists, welche zahnaerzte, welche zahnaerztin, welche aerzte, wer arbeitet, welcher zahnarzt,
        who works there, which doctors"""),
    "late": _phrases("""running late, i'm late, im late, i am late, be late for, stuck in traffic, stau, verspaete, verspaetung,
        zu spaet kommen, komme zu spaet, missed my appointment, missed my visit, missed the appointment, termin verpasst"""),
    "fear": _phrases("""scared, afraid, anxious, anxiety, nervous, terrified, frightened, phobia, petrified, angst, panik,
        zahnarztangst, angstpatient, angstpatientin, fuerchte mich, nervoes"""),
    "medicine": _phrases("""how many ibuprofen, how much ibuprofen, how many paracetamol, how much paracetamol, how many tablets,
        how many painkillers, how many pills, which painkiller, which painkillers, what painkiller, what painkillers,
        can i take ibuprofen, can i take paracetamol, can i take aspirin, can i take painkillers, what can i take,
        what should i take, need antibiotics, prescribe, prescription, wie viele tabletten, wie viel ibuprofen,
        wieviel ibuprofen, wie viele ibuprofen, welche tabletten, welches schmerzmittel, was kann ich nehmen,
        was soll ich nehmen, was darf ich nehmen, darf ich ibuprofen, kann ich ibuprofen, brauche antibiotika, rezept"""),
    "diagnosis": _phrases("""is it cancer, is this cancer, could it be cancer, could this be cancer, ist das krebs, ist es krebs,
        what could it be, what might it be, was kann das sein, was koennte das sein,
        =is it serious, =is it bad, =is it dangerous, =ist das schlimm, =ist das gefaehrlich"""),
    "painless": _phrases("""=is it painful, =does it hurt, =will it hurt, =does that hurt, =is that painful, =is it going to hurt,
        =will that hurt, =will it be painful, =tut das weh, =tut es weh, =ist das schmerzhaft, =ist es schmerzhaft"""),
    "visits": _phrases("""=visits, =appointments, =termine,
        my appointments, my visits, my bookings, meine termine, my appointment, my visit, my booking,
        meinen termin, meinem termin, mein termin, existing appointment, when is my appointment, wann ist mein termin,
        bestehenden termin, appointments do i have, appointments have i, visits do i have, termine habe ich, termine hab ich,
        have i got an appointment, do i have an appointment, when do i have, hab ich termin,
        hab ich einen termin, habe ich einen termin, habe ich termin, next appointment, naechster termin,
        can't come, cannot come, can't make it, kann nicht kommen, nicht kommen, schaffe es nicht"""),
    "cancel": _phrases("""cancel, cancell, cancelling, canceling, call off, absagen, stornieren, storno, storniere, absage,
        sage ab, sagen ab, cancellation"""),
    "keep": _phrases("""keep it, keep the old, as it is, so lassen, behalten, bleibt so, lass es so"""),
    "no_reference": _phrases("""don't have, dont have, do not have, haven't got, lost, no reference, no number, no idea,
        don't know, dont know, which reference, what reference, can't find, cannot find, forgot, habe ich nicht, hab ich nicht,
        habe keine, hab keine, verloren, keine nummer, keine terminnummer, weiss nicht, weiss ich nicht, finde ich nicht,
        finde sie nicht, vergessen"""),
    "move": _phrases("""move, bring it forward, come earlier, earlier appointment, earlier date, push it back, vorziehen,
        frueher kommen, spaeter kommen,
        reschedule, rescheduling, postpone, change my appointment, change my visit, change the date,
        change the time, verschieben, verlegen, umbuchen, verschiebe, umlegen, another date for my, bring forward,
        vorverlegen"""),
    "abort": _phrases("""never mind, nevermind, forget it, drop it, abbrechen, abbruch, vergiss es, lass es, =doch nicht,
        =stop, =stopp, =quit, =abort, egal vergessen sie es, not any more, i changed my mind, leave it"""),
    "book": _phrases("""book, booking, appointment, an appointment, appointments, schedule, termin, termine, einen termin, buchen,
        terminvereinbarung,
        reserve, vereinbaren, see a dentist, need a dentist, need the dentist, see the dentist, einen zahnarzt, zum zahnarzt,
        let's do that, lets do that, do that, mach das, machen wir, das nehme ich, i'll take that,
        what's free, whats free, what is free, what have you got, what do you have, was habt ihr, was haben sie,
        was ist frei, was ist noch frei, wann ist was frei, wann ist frei, was gibt es, wann geht es,
        free slot, free slots, available, availability, frei, freie termine, come in, vorbeikommen"""),
    "more": _phrases("""more times, other times, more slots, more options, something else, anything else, none of these,
        none of those, none of them, none fit, other slots, different times, show more, =more, =mehr,
        =weitere, weitere zeiten, =others,
        =later ones,
        andere zeiten, andere termine, keiner davon, keine davon, keiner passt, passt nicht, passen nicht, noch andere,
        anything later, any others, nothing else, sonst nichts, nichts anderes, nichts davon"""),
    "any_dentist": _phrases("""any dentist, anyone, any doctor, whoever, doesn't matter who, don't care who, any of them,
        no preference, egal wer, egal bei wem, wer auch immer, jeder zahnarzt, wem auch immer, egal welcher,
        somebody else, someone else, another dentist, jemand anderes, anderer zahnarzt, andere zahnaerztin, a different dentist,
        anybody, bei irgendwem, irgendwer, other dentist, other doctor, andere zahnarzt, anderen zahnarzt, anderer arzt,
        anderen arzt, andere aerztin"""),
    "any_time": _phrases("""any time, anytime, whenever, jederzeit, egal wann, ist mir egal, earliest possible, =whatever,
        whatever you have, whatever you've got, whatever is free, whatever's free, don't care when, dont care when,
        doesn't matter when, wann auch immer, was ihr habt, was sie haben"""),
    "mistaken": _phrases("""misunderstood, i didn't say that, that's not what i, not what i meant, you got me wrong,
        falsch verstanden, missverstanden, missverstaendnis, so war das nicht gemeint, das habe ich nicht gesagt,
        that is wrong, not an emergency, kein notfall"""),
    "same_again": _phrases("""=again, =repeat, say again, =noch mal, =nochmal, =wiederholen, =pardon, what was that"""),
    "unwilling": _phrases("""skip, no phone, without phone, no email, no mail, kein telefon, ohne telefon, keine mail,
        keine email, ueberspringen, why, what for, don't want, dont want, don't have, dont have, rather not, none of your,
        =none, =keine,
        =keins, warum, wieso, wozu, wofuer, moechte ich nicht, will ich nicht, sage ich nicht, geht sie nichts an, keinen bock,
        is that necessary, do you need, brauchen sie, braucht ihr"""),
    "english": _phrases(
        """english please, =speak english, you speak english, sprechen sie englisch, sprecht ihr englisch,
        =in english, auf englisch, =english, =englisch"""
    ),
    "german": _phrases(
        """german please, =in german, =auf deutsch, =deutsch, =german, auf deutsch bitte,
        sprechen sie deutsch, =speak german, you speak german, speak german please, sprecht ihr deutsch"""
    ),
}
# "Where is my appointment" and "I have an appointment" are about what is booked; these words make a visit one's own.
OWN = _words("my meinen meinem mein meine existing bestehenden unser unseren our")
VISIT_WORDS = _words(
    "appointment visit booking appointments visits bookings termin termine besuch besuche buchung buchungen"
)
# "My next appointment" is one; "move it to the next appointment" is not about one that exists.
SOONEST_OF_OWN = _words("next upcoming naechste naechsten naechster kommende kommenden kommender")
ONE_VISIT = _words("appointment visit booking termin besuch buchung")
ONTO = _words("to auf onto")

GERMAN_WORDS = _words(
    "ich der die das und ist nicht ein eine einen einem mir mich mein meine meinen habe hab haben bin bitte moechte kann am um "
    "wie was wann wo ja nein danke hallo guten tag morgen uhr termin zahn zahnschmerzen schmerzen kontrolle zahnreinigung seit "
    "fuer mit bei zu zum zur auf aber oder lieber heute uebermorgen naechste naechsten montag dienstag mittwoch donnerstag "
    "freitag samstag wer welche kein keine geht gerne abends nachmittags vormittags schwellung sie wir heisse weh tut zurueck"
)
ENGLISH_WORDS = _words(
    "i the a an and is not my me have has had am please would like can on at how what when where yes no thanks thank hello "
    "good tomorrow today appointment tooth toothache pain checkup cleaning since for with to but or rather next monday tuesday "
    "wednesday thursday friday saturday who which does do it hurts this that you your i'm i'd it's broken swollen back"
)
EVERYDAY = GERMAN_WORDS | ENGLISH_WORDS | _words(
    "cancer house yours your hours about after again their there these those other another first visit week weeks time times "
    "mother father sister brother friend wife husband child children people person weder wieder weiter wegen welche welcher "
    "water later waiter whether weather better letter never ever over under werden wurde waren keiner seiner deiner meiner "
    "diese dieser kennen koennen gehen sehen haette waere immer sehr schon auch noch dann denn doch bier vier tier hier "
    "call called cancel book back help move moved moving park part card care hard here near year years ears bring price prize "
    "whatever however matter"
)  # fmt: skip
NOT_NAMES = EVERYDAY | YES | NO | _words(
    "free available calling writing looking new here sorry happy sure afraid interested booked late early pregnant allergic "
    "diabetic in at from not so very really just still also trying going having getting hoping wondering patient patientin "
    "frei neu hier verfuegbar krank schwanger sicher froh dabei gerade schon noch unterwegs interessiert versichert arzt und "
    "and oder or but aber nervous scared desperate worried fine ok okay well busy only feeling back bleeding unable ready able"
)  # fmt: skip
