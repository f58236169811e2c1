"""Names as they stand on the doorbells of a German city."""

from __future__ import annotations

_FIRST = """
    Aaliyah Adam Agnieszka Ahmed Aisha Alexander Alina Amelie Amira Andreas Anja Anna Antonia Artem Aylin Barbara
    Beate Ben Bilal Birgit Björn Carla Carlos Charlotte Christian Claudia Clara Daniel Darya David Deniz Dieter Dilara
    Dmitri Elena Elias Elif Elisabeth Emil Emilia Emma Emre Erik Eva Fabian Farid Fatima Felix Finn Florian Franziska
    Frieda Giulia Greta Hanna Hannes Hans Hassan Heike Helena Henri Horst Ida Ines Ingrid Irina Isabella Ivan Jakob Jana
    Jannik Jasmin Johanna Jonas Jörg Josef Julia Jürgen Karin Karl Katarzyna Katharina Kemal Kerstin Klaus Lara Laura
    Lea Lena Leon Leyla Liam Lina Linh Linus Lotte Louisa Luca Lukas Magdalena Maja Manfred Marek Maria Marie Mario
    Markus Marta Martin Mateo Matilda Max Mehmet Melanie Merve Mia Michael Mila Minh Mohammed Monika Moritz Nadia Natalia
    Nele Nia Nicole Niklas Nina Noah Nora Olga Oliver Omar Oskar Paul Paula Peter Petra Philipp Pia Rainer Renate Rosa
    Ruth Sabine Samira Samuel Sandra Sara Sebastian Selin Simon Sofia Sonja Stefan Susanne Sven Sylvia Tarek Theo Thomas
    Tim Tobias Tom Ursula Uwe Vera Viktor Wolfgang Yannick Yara Yusuf Zeynep Zofia
"""
_LAST = """
    Adler Ahmadi Albrecht Arnold Arslan Aydın Bauer Baumann Beck Becker Berger Bergmann Bianchi Böhm Brandt Braun
    Busch Çelik Demir Diallo Dietrich Doğan Dvořák Engel Ferrari Fischer Franke Friedrich Fuchs García Geiger Graf Groß
    Günther Haas Hahn Hartmann Hassan Heinrich Hermann Herzog Hoang Hofmann Horn Huber Ivanova Jäger Jansen Kaiser Kaya
    Keller Klein Koch Köhler König Kovács Kowalski Krämer Kraus Krüger Kuhn Kurz Lang Lange Lehmann Lindner Lorenz Ludwig
    Maier Marković Martin Mayer Mensah Meyer Moreau Möller Müller Nguyen Novak Nowak Otto Özdemir Petrov Pfeiffer Pham
    Pohl Popescu Richter Rossi Roth Sauer Schäfer Schmid Schmidt Schmitz Schröder Schubert Schulte Schulz Schumacher
    Schuster Schwarz Seidel Silva Simon Sommer Stein Şahin Thomas Tran Vogel Vogt Wagner Walter Weiß Werner Winkler
    Winter Wolf Wójcik Yıldız Yılmaz Ziegler Zimmermann
"""
FIRST, LAST = tuple(_FIRST.split()), tuple(_LAST.split())
_PLAIN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ş": "s", "ğ": "g", "ç": "c", "ó": "o", "á": "a", "í": "i",
     "ć": "c", "ř": "r"}
)  # fmt: skip


def plain(name: str) -> str:
    """A name as it stands in email addresses and in the addresses of pages."""
    words = name.lower().replace("i̇", "i").translate(_PLAIN).replace(".", " ").split()
    return "-".join(word for word in words if word not in ("dr", "prof"))
