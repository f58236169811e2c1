"""Words that say nothing of who somebody is, English and German, folded; with those that the other parts of the chatbot know,
they are all that ever leaves (`chatbot.model.redaction`). No name, no place and no word about health belongs here."""

from __future__ import annotations


def listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


ENGLISH = listed(
    """
    able above accept across add afraid against agree allow almost alone along already although always among answer anybody
    anyhow anyone anyway appreciate area arrange arrangement arrive ask asked asking asap aunt available avoid awesome awful
    baby balance bank based basically become bed begin behind believe beside besides big block boss both bother bring brings
    brother brought bunch busy buy calm came care carry case catch certain certainly chance changed chat cheap check child
    choice choose chosen city clear clearly client close closer closest collect college colleague colleagues come comes
    comfortable commute company compare complete concern confirm consider contact continue convenient conveniently correct
    cost couple course cover cross current currently custom cut daily dad dark daughter deal dear decide decided decision
    definitely delay depend depends describe desk detail details die difference different difficult dinner direct directly
    discuss done door drive driving drop easier easy eat either else emergency empty ends enough entire especially evening
    event eventually everybody everyone everything exact exam example excellent excited excuse expect expected expensive
    explain extra fair family far fast father favourite feedback fetch figure fill final finally find finds fine finish
    finished fix fixed flexible flight follow follows food forget forgot forward found full fully fun future game gap gave
    general girl boy give given gives glad gone grab grandma grandpa grandmother grandfather grateful great group grown guess
    guest guy guys happen happens happy hard hate hear heard heavy held her hers herself high him himself hold holidays home
    homework hope hopefully horrible hours house huge hurry husband idea ideal important include included including inform
    information instead interest interested itself job join just keep key kind kindly kindergarten knew know known lady
    language large lately later least leave leaves lecture left less let lets level lie light likely list listen little live
    lives local long longer look looked looks lose lot lots love lovely low luck lucky lunch mail mainly make makes making man
    manage many market maybe mean means meant meet meeting member mention message met mind mine minor miss missed mistake
    moment money month most mostly mother move much mum mom must myself near nearby nearest nearly necessary need needed needs
    neither nephew niece never nice nobody none noon normal normally note nothing notice nowhere obviously occasion odd offer
    offered offers office often okay older online open opens option options order ordinary others otherwise ought outside own
    paper parents part partner parts party pass past patience patient pay paying payment people perfect perfectly perhaps
    period permission phone pick picked picking piece place plan planned planning plans play please pleased plenty plus point
    polish polished polishing floss flossing scrub scale scaling tidy posh popular possibility possible possibly practice
    prefer preferably preference preferred prefers prepare present pretty previous previously price private probably problem
    promise proper properly provide public pull push put question questions queue quick quickly quiet quite rather reach read
    ready real really reason reasonable recent recently recommend regarding regular regularly remember remind reminder repeat
    reply request require required reschedule respond rest result return right rough roughly round routine rush sad safe said
    save say saying says schedule school second see seeing seem seems seen send sense sent separate serious serve service set
    several shall share shift shifts shop short shortly should show shown sign similar simple simply since single sister sit
    situation slightly slot slots slow small somebody someone something sometime sometimes somewhere son soon sooner sorry sort
    sorted sound sounds space spare speak special specific spend squeeze stand start starts state stay step stick still stop
    story straight strange stuff stupid such sudden suddenly suggest suggestion suit suitable suits suppose supposed sure
    surprise system take taken takes taking talk tax teacher team tell tells term terms test thank thanked thanks that their
    theirs them themselves thing things think thinking third though thought through throughout tight till times together told
    took top total totally touch town train training travel tries trip trouble true trust truth try trying turn turns twice
    type typical uncle under understand understood unfortunately university unless unlikely until upon urgent use used useful
    useless usual usually vacation various via view visit visiting visits voice wait waiting walk want wanted wanting wants
    warm watch way ways weather website weird welcome well went were what whatever whenever where wherever whether whichever
    while white whiter whoever whole whose why wife will willing wish within without woman wonder wondering wonderful word
    words work worked working works world worried worry worse worst worth would write writing wrong yet yours yourself
    ages appointment birthday bright brighter cleaned cup descale descaling dentist exams fancy freshen gnashers graduation
    hygienist interview kids middle noon nursery pupils sessions shine shiny smile sparkle sparkling starting stained stains
    tartar tea teeth tooth plaque wedding whiten whitening
    aligners braces bridge crown crowns denture dentures filling fillings implant implants veneer veneers
    """
)
GERMAN = listed(
    """
    abend abends aber abgemacht abholen ablauf abschluss abstimmen aehnlich aehnliches aendern aenderung alle allein allem
    allen aller allerdings alles alltag als also alt alte alten anbieten andere anderem anderen anderer anderes anders anfang
    anfangen anfrage angeben angebot angenehm anliegen annehmen anruf anscheinend anschliessend ansonsten ansprechen anstatt
    anstehen antwort antworten anzahl arbeit arbeite arbeiten arbeitet art auch aufgrund aufhoeren aufnahme aufpassen aufstehen
    ausblick ausgang ausgebucht ausgerechnet ausgleich ausnahme ausrichten aussehen ausserdem ausserhalb aussuchen auswahl
    auswaehlen auto bahn bald baldigen baldmoeglichst bedeutet beeilen beginn beginnen beginnt behalten beide beiden beides
    beispiel bekannt bekomme bekommen benoetige benoetigen bequem beraten bereit bereits berufstaetig bescheid besonders besser
    bessere besten bestens bestimmt bestimmte besuchen betreffend bevor bevorzuge bevorzugt bezahlen bieten bin bis bisher
    bleiben bleibt brauche brauchen braucht bringen bringt bruder buero bus chance chef chefin da dabei dadurch dafuer dagegen
    daheim damals damit danach dank dankbar danken darauf darf darum darueber dasselbe dauer dauern dauert davor dazu dein
    denken dennoch deren deshalb dessen deutlich dicht dienst dieselbe dies dieser dieses dinge direkt doch doppelt dort draussen
    dringend drin dritte drueber duerfen duerfte durchaus eben ebenfalls ebenso egal ehe eher ehrlich eigene eigenen eigentlich
    eilig eilt einfach einfacher einig einige einigen einiges einmal einrichten eins einschieben einverstanden einzige empfehlen
    ende endlich entfernt entscheiden entschuldigung entsprechend entweder erfahren erinnern erinnerung erklaeren erledigen
    erledigt ermoeglichen erreichbar erreichen erscheinen erst erste erstmal erwarte erwarten essen etwa etwas euer eure eventuell
    extra fahre fahren fahrt fall falls falsch familie fast feierabend fertig fest feste finde finden findet flexibel folgende
    frage fragen frau freie freien freizeit freue freuen freund freundin freundlich frueh frueher fuehlen gab gabs ganz ganze gar
    garantiert geben gebe gebraucht gedacht geduld gefaellt gefallen gefunden gegangen gegeben gegen gegenueber gehabt gehe gehen
    gehoert geht gekommen geld gelegenheit gemacht gemeint gemeinsam genau genauer genommen genug geplant gerade geregelt gern
    gerne gesagt geschafft geschaeft geschwister gesehen gesetzt gesprochen gestern geworden gewohnt gewuenscht gibt ging glatt
    glaenzend glaube glauben gleich gleiche gleichen gleichzeitig glueck grad grob grosse grossen gross grossmutter grossvater
    grund gruende gruppe gruss gruesse guenstig gut gute guten gutes haelt haengt hand handelt hatte haus hause heim heissen
    helfen hilft hin hinaus hinterher hinweis hinweise hoch hoere hoeren hoffe hoffen hoffentlich hole holen hoechstens idee ideal
    ihnen ihr ihre ihren ihrer immerhin informationen informieren innerhalb insgesamt interesse irgendein irgendeine irgendeinen
    irgendjemand irgendwann irgendwas irgendwie irgendwo jede jedem jeden jedenfalls jeder jedes jedoch jemand jemanden jener
    jetzt job junge jungen juenger kaeme kalender kaum kind kinder kindergarten kita klappen klappt klar klein kleine kleinen
    kleiner kollege kollegen kollegin komme kommen kommt komplett konnte konnten kontakt koennte koennten kriegen kuemmern kurz
    kurze kurzen kurzfristig kuerzlich lage lang lange laenger laesst lass lassen laufen laut leben leicht leider lesen letzte
    leute lieb liebe lieben liebsten liegt liste los mache machen macht mache mag mal manche manchmal mann mehr mehrere meinung
    meine meinen meist meisten meistens melde melden merken mich minute mitkommen mitnehmen mittel mitten moeglich moeglichst
    moeglichkeit moment monat muesste musste mutter nach nachbar nachdem nachfragen nachher nachricht nachsehen naehe naemlich
    naja natuerlich neben nebenbei neffe nehmen nett neu neue neuen neuer neues nichte nie niemand nimmt nirgends nochmal normal
    normalerweise notfalls noetig notieren nur nutzen obwohl oefter oft ohne ohnehin okay oma onkel opa ordnung ort paar
    partner partnerin passe passend passende passieren passt patient pause pech perfekt person persoenlich plaetze plan plane
    planen platz ploetzlich politur polieren poliert praktisch praxis preis prima privat pro problem puenktlich rasch raum
    reagieren rechne recht rechtzeitig regel regelmaessig reichen reicht reihe reinkommen reise restliche richte richtig rueckruf
    rufen ruhig rum sache sachen sage sagen sagt sagte samt sauber schade schaffe schaffen schaue schauen schicht schichtdienst
    schicken schieben schlecht schlechter schliesslich schlimm schlimmer schnell schneller schnellstmoeglich schoen schoene
    schoenen schoener schreibe schreiben schule schueler schwer schwester schwierig sehe sehen seien seit seite selber selbst
    selten seltsam senden setzen sicher sicherlich sinn sinnvoll situation sobald sofort sogar sohn solange solche solchen sollen
    sollten sonst soweit sowieso sowohl spaet spaetestens spaeter spaetschicht fruehschicht nachtschicht spass spontan sprechen
    spricht stadt stand stark statt stattdessen stattfinden stehe stehen steht stelle stellen stimmt strasse stress studium
    suche suchen super tag tage tagsueber tante tatsaechlich team teil teilen telefon tochter toll trotzdem tschuldigung tun
    typ ueberhaupt ueberlegen uebrigens uhrzeit umstaende unbedingt unbequem ungefaehr ungern uni universitaet unklar unmoeglich
    unser unsere unseren unter unterschied unterschiedlich unterwegs unterricht urlaub vater verabredet verbinden verdammt
    vereinbart vergangenen vergleichen verlassen vermutlich verpasst verschieben verschieden verschiedene versprochen verstanden
    verstehe verstehen versuche versuchen verwandte viel viele vielen vielleicht vieles vielmehr voll vollstaendig voraus
    voraussichtlich vorausgesetzt vorbei vorbeikommen vorbeischauen vorerst vorgestern vorhaben vorher vorhin vorlesung vorlieben
    vormerken vorne vorrangig vorschlag vorschlagen vorstellen vorziehen waehle waehlen waehrend wahl wahrscheinlich war warm
    warte warten wechsel wechseln weg wegen weiss weisser weisse weissen weit weiter weitere weiteren weiterhin welch welchen
    welches wenig weniger wenigstens werde wesentlich weshalb wichtig wieso will willkommen winter wirklich wissen wobei wochen
    wochenende woanders wohin wohl wohne wolle wollen wollte worte wuensche wunder wunderbar wunsch wuerde wuerden wuesste zahlen
    zaehlt zeige zeigen zeit zeiten zeitlich zeitnah ziemlich zimmer zu zuerst zufaellig zufrieden zug zukunft zuletzt zumindest
    zurueck zusammen zusaetzlich zustaendig zwar zweck zweimal zweite
    aufhellen bewerbung drueberguckt draufschauen durchchecken feier hochzeit laecheln mittig nachmittags putzen
    pruefung strahlend strahlen verfaerbt verfaerbungen vormittags weisser zaehne zaehnen zahn zahnstein
    bruecke fuellung fuellungen implantat implantate krone kronen prothese spange zahnspange
    """
)
PLAIN = ENGLISH | GERMAN
