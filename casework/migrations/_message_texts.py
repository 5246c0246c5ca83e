"""The texts of messages that ETF comes with, and the words that never stand in one (messages.md 4.1 to 4.3).

A migration never follows what changes later: these are the first versions, as they were approved.
"""

_NL, _EN = "Uw afspraak met de gemeente Rotterdam", "Your appointment with the City of Rotterdam"

# Kind, form, language, subject, text. The sentence about home, gas, power and water is for the letter only.
TEXTS = [
    ("confirmation", "sms", "nl", "",
     "Gemeente Rotterdam: u heeft een afspraak op {day} om {time} uur bij {location}. Komt dat niet uit? Bel {phone_number}. Tot dan!"),
    ("confirmation", "sms", "en", "",
     "City of Rotterdam: you have an appointment on {day} at {time} at {location}. Can't make it? Call {phone_number}. See you then!"),
    ("confirmation", "mail", "nl", _NL,
     "Beste heer of mevrouw,\n\n"
     "U heeft een afspraak bij ons.\n\n"
     "Wanneer: {day} om {time} uur.\n"
     "Waar: {location}[, {address}].\n"
     "Met: {first_name}.\n\n"
     "Neem mee wat u heeft: brieven, post die nog dicht is, uw legitimatie. Heeft u niet alles? Kom toch. We zoeken het samen uit.\n\n"
     "Komt de tijd niet uit, of wilt u een tolk? Bel {phone_number}. Het gesprek is gratis en blijft tussen ons.\n\n"
     "Tot dan!\n"
     "{first_name}, gemeente Rotterdam"),
    ("confirmation", "mail", "en", _EN,
     "Dear Sir or Madam,\n\n"
     "You have an appointment with us.\n\n"
     "When: {day} at {time}.\n"
     "Where: {location}[, {address}].\n"
     "With: {first_name}.\n\n"
     "Bring what you have: letters, unopened mail, your ID. Not complete? Please come anyway; we will sort it out together.\n\n"
     "Another time, or an interpreter? Call {phone_number}. The talk is free and stays between us.\n\n"
     "See you then!\n"
     "{first_name}, City of Rotterdam"),
    ("t2", "sms", "nl", "",
     "Gemeente Rotterdam: we zien u {day} om {time} uur bij {location}. Lukt dat niet? Bel {phone_number}, dan zoeken we een andere tijd."),
    ("t2", "sms", "en", "",
     "City of Rotterdam: see you on {day} at {time} at {location}. Can't make it? Call {phone_number} and we will find another time."),
    ("t2", "mail", "nl", _NL,
     "Beste heer of mevrouw,\n\n"
     "We zien u {day} om {time} uur bij {location}.[ Zo komt u er: {directions}]\n\n"
     "Hoe laat gaat u van huis? Schrijf het op, dat helpt.\n\n"
     "Lukt het niet? Bel {phone_number}, dan zoeken we een andere tijd."),
    ("t2", "mail", "en", _EN,
     "Dear Sir or Madam,\n\n"
     "We will see you on {day} at {time} at {location}.[ How to get there: {directions}]\n\n"
     "What time will you leave home? Write it down, it helps.\n\n"
     "Can't make it? Call {phone_number} and we will find another time."),
    ("t0", "sms", "nl", "",
     "Gemeente Rotterdam: we zien u vandaag om {time} uur bij {location}. Niet alle papieren? Kom gewoon. Lukt het niet? Bel {phone_number}."),
    ("t0", "sms", "en", "",
     "City of Rotterdam: see you today at {time} at {location}. Papers not complete? Just come. Can't make it? Call {phone_number}."),
    ("t0_evening", "sms", "nl", "",
     "Gemeente Rotterdam: we zien u morgen om {time} uur bij {location}. Niet alle papieren? Kom gewoon. Lukt het niet? Bel {phone_number}."),
    ("t0_evening", "sms", "en", "",
     "City of Rotterdam: see you tomorrow at {time} at {location}. Papers not complete? Just come. Can't make it? Call {phone_number}."),
    ("changed", "sms", "nl", "",
     "Gemeente Rotterdam: uw nieuwe tijd is {day} om {time} uur bij {location}. De oude tijd vervalt. Vraag? Bel {phone_number}."),
    ("changed", "sms", "en", "",
     "City of Rotterdam: your new time is {day} at {time} at {location}. The old time is cancelled. Questions? Call {phone_number}."),
    ("changed", "mail", "nl", _NL,
     "Beste heer of mevrouw,\n\n"
     "Uw nieuwe tijd is {day} om {time} uur bij {location}[, {address}]. De oude tijd vervalt.\n\n"
     "Heeft u een vraag? Bel {phone_number}.\n\n"
     "Tot dan!\n"
     "{first_name}, gemeente Rotterdam"),
    ("changed", "mail", "en", _EN,
     "Dear Sir or Madam,\n\n"
     "Your new time is {day} at {time} at {location}[, {address}]. The old time is cancelled.\n\n"
     "Questions? Call {phone_number}.\n\n"
     "See you then!\n"
     "{first_name}, City of Rotterdam"),
    ("cancelled", "sms", "nl", "",
     "Gemeente Rotterdam: uw afspraak van {day} om {time} uur gaat niet door. Nieuwe afspraak? Bel {phone_number}. We helpen u graag."),
    ("cancelled", "sms", "en", "",
     "City of Rotterdam: your appointment on {day} at {time} is cancelled. New appointment? Call {phone_number}. We are happy to help."),
    ("cancelled", "mail", "nl", _NL,
     "Beste heer of mevrouw,\n\n"
     "Uw afspraak van {day} om {time} uur gaat niet door.\n\n"
     "Wilt u een nieuwe afspraak? Bel {phone_number}. We helpen u graag."),
    ("cancelled", "mail", "en", _EN,
     "Dear Sir or Madam,\n\n"
     "Your appointment on {day} at {time} is cancelled.\n\n"
     "Would you like a new one? Call {phone_number}. We are happy to help."),
    ("missed", "sms", "nl", "",
     "Gemeente Rotterdam: we hebben u {day} gemist. Dat kan gebeuren. Nieuwe afspraak? Bel {phone_number} of kom langs. We helpen u graag."),
    ("missed", "sms", "en", "",
     "City of Rotterdam: we missed you on {day}. That can happen. New appointment? Call {phone_number} or walk in. We are happy to help."),
    ("missed", "mail", "nl", _NL,
     "Beste heer of mevrouw,\n\n"
     "We hadden {day} een afspraak en hebben u gemist. Dat kan iedereen gebeuren. U hoeft niets uit te leggen.\n\n"
     "Wilt u een nieuwe afspraak? Bel {phone_number} of loop binnen bij {location}. We kunnen ook bij u langskomen of bellen."),
    ("missed", "mail", "en", _EN,
     "Dear Sir or Madam,\n\n"
     "We had an appointment on {day} and missed you. That can happen to anyone. You do not have to explain.\n\n"
     "Would you like a new one? Call {phone_number} or walk in at {location}. We can also visit or phone you."),
    ("missed", "letter", "nl", _NL,
     "Beste heer of mevrouw,\n\n"
     "We hadden {day} een afspraak en hebben u gemist. Dat kan iedereen gebeuren. U hoeft niets uit te leggen.\n\n"
     "Wilt u een nieuwe afspraak? Bel {phone_number} of loop binnen bij {location}. We kunnen ook bij u langskomen of bellen.\n\n"
     "Is er iets dat snel moet, zoals een brief over uw huis, gas, stroom of water? Bel dan vandaag."),
    ("missed", "letter", "en", _EN,
     "Dear Sir or Madam,\n\n"
     "We had an appointment on {day} and missed you. That can happen to anyone. You do not have to explain.\n\n"
     "Would you like a new one? Call {phone_number} or walk in at {location}. We can also visit or phone you.\n\n"
     "Is something urgent, such as a letter about your home, gas, power or water? Then please call today."),
    ("phone", "sms", "nl", "",
     "Gemeente Rotterdam: we bellen u {day} om {time} uur. U ziet misschien geen nummer. Komt dat niet uit? Bel {phone_number}."),
    ("phone", "sms", "en", "",
     "City of Rotterdam: we will call you on {day} at {time}. The number may be hidden. Not a good time? Call {phone_number}."),
    ("phone", "mail", "nl", _NL,
     "Beste heer of mevrouw,\n\n"
     "We bellen u {day} om {time} uur. U ziet misschien geen nummer.\n\n"
     "Komt dat niet uit? Bel {phone_number}.\n\n"
     "{first_name}, gemeente Rotterdam"),
    ("phone", "mail", "en", _EN,
     "Dear Sir or Madam,\n\n"
     "We will call you on {day} at {time}. The number may be hidden.\n\n"
     "Not a good time? Call {phone_number}.\n\n"
     "{first_name}, City of Rotterdam"),
]  # fmt: skip

# The reminder at a location where residents cancel by themselves (decision 0067).
TEXTS_TO_CANCEL = [
    ("t2_self", "sms", "nl", "",
     "Gemeente Rotterdam: we zien u {day} om {time} uur bij {location}. Lukt dat niet? Antwoord NEE {code} of bel {phone_number}."),
    ("t2_self", "sms", "en", "",
     "City of Rotterdam: see you on {day} at {time} at {location}. Can't make it? Reply NO {code} or call {phone_number}."),
    ("t2_self", "mail", "nl", _NL,
     "Beste heer of mevrouw,\n\n"
     "We zien u {day} om {time} uur bij {location}.[ Zo komt u er: {directions}]\n\n"
     "Hoe laat gaat u van huis? Schrijf het op, dat helpt.\n\n"
     "Lukt het niet? Bel {phone_number}, dan zoeken we een andere tijd.[ Of zeg zelf af:\n{link}]"),
    ("t2_self", "mail", "en", _EN,
     "Dear Sir or Madam,\n\n"
     "We will see you on {day} at {time} at {location}.[ How to get there: {directions}]\n\n"
     "What time will you leave home? Write it down, it helps.\n\n"
     "Can't make it? Call {phone_number} and we will find another time.[ Or cancel here:\n{link}]"),
]  # fmt: skip

# Abbreviations only as whole words.
ABBREVIATIONS = ("KBR", "MAIT", "JPF", "ETF", "BSN")
WORDS = {
    "nl": (
        "schuld", "geldzorgen", "geldproblemen", "financiën", "financieel", "kredietbank", "expertiseteam", "bewind",
        "deurwaarder", "incasso", "uitkering", "dossier", "wanbetaler", "ontruiming", "afsluiting",
    ),
    "en": (
        "debt", "money worries", "money problems", "finances", "financial", "bailiff", "benefits", "case file", "defaulter",
        "eviction", "disconnection",
    ),
}  # fmt: skip
