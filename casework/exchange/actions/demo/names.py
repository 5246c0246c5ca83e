"""Invented people of many origins, as the city has them."""

import random

# Language, first names, and surnames that belong together.
PEOPLE = (
    ("nl", "Jan Piet Sanne Kees Marloes Henk Anja Lotte Willem Ria", "de Vries|van den Berg|Jansen|Bakker|van 't Hof|IJsselstein|de Groot|Mulder|ter Braak|Hendriks"),
    ("tr", "Özgür Fatma Emre Ayşe Mehmet Zeynep", "Yılmaz|Ağca|Işık|Öztürk|Demir|Şahin"),
    ("ar", "Mohamed Fatima Youssef Naima Rachid Amina", "El Idrissi|Ben Ali|Al-Hassan|Bouzid|El Khattabi"),
    ("nl", "Anand Shanti Ruben Indra Kenneth", "Ramdin|Pinas|Kartowidjojo|Jagernath|Biervliet"),
    ("pt", "João Maria Celestino Ana", "Lopes|da Graça|Fortes|Évora|dos Santos"),
    ("pl", "Łukasz Agnieszka Paweł Małgorzata", "Wójcik|Kowalczyk|Zieliński|Dąbrowska"),
    ("pap", "Shudeska Giandro Rugenia Quincy", "Martina|Cijntje|Koeiman|Sint Jago"),
    ("ti", "Yonas Selam Tesfay Almaz", "Tesfamariam|Haile|Ghebremedhin"),
    ("zh", "Wei Mei Chun", "Chen|Wu|Li"),
    ("vi", "Minh Lan", "Nguyễn|Trần"),
)  # fmt: skip
# How often each of them is met.
WEIGHTS = (40, 12, 12, 12, 6, 6, 6, 3, 2, 1)


def some_family(rnd: random.Random) -> tuple[str, list[str], str]:
    """A language, the first names to choose from, and a surname."""
    language, given, surnames = rnd.choices(PEOPLE, weights=WEIGHTS)[0]
    return language, given.split(), rnd.choice(surnames.split("|"))
