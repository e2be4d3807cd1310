"""Invented prose for the corpus: sentences from a small grammar; the same seed writes the same."""

from __future__ import annotations

import random
from itertools import accumulate
from typing import Final

POOL: Final = 12_000
"""Sentences made once; articles recombine them, so that a million articles take minutes."""
LONGEST: Final = 34
"""Words in the longest sentence."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ADJECTIVES: Final = _words(
    """
    ageing annual average bitter brief broad calm careful cautious cheaper chief civic clean coastal combined
    common complex costly crowded daily damaged deep delayed direct double dry eager early eastern elderly empty
    entire equal external fair familiar final firm formal fragile free frequent fresh full generous gradual heavy
    hidden historic honest huge idle independent inland joint junior large late lean legal likely long loyal mild
    missing mixed modest mutual narrow noisy northern official open outer patient plain private proper public
    quiet rapid rare regular remote rough rural secret senior severe shallow sharp shared short silent slender
    slow southern spare steady stubborn sudden temporary tense tight unpaid upper urgent vacant vast weekly
    western wide wooden young
    """
)
NOUNS: Final = _words(
    """
    account acre aide alarm album allowance almanac anchor apprentice aquifer arcade archive assembly auction
    avenue bakery balcony barge barrister basin beacon bicycle bill blanket border boundary branch brewery brick
    bridge brigade broker bureau cabin cable camera canal candidate carriage carrier cellar census chapel charter
    chimney choir circuit clerk clinic coach coalition college colony column committee concert contract convoy
    corridor cottage courier court crane creditor crew crop curator currency cyclist dairy dam dealer debate
    decree delegate depot diary district ditch dividend dock donor draft drill driver drought editor election
    embankment employer engine envoy estate exhibition expedition factory fare farmer ferry fixture fleet forecast
    forest foundry fountain freight funeral furnace gallery garage garrison gazette generator glacier grant
    granary grocer guardian guild hangar harvest haven heater hedge herd highway hospital hostel household import
    index inquiry inspector institute insurer island jetty journal judge junction juror kiosk kitchen laboratory
    ladder landlord lantern lawyer leaflet league lecture ledger levy library licence lighthouse loan locomotive
    magistrate manager mansion margin market marsh meadow mechanic memorial merchant meteorologist midwife mill
    minister mission monument mortgage motion motorist museum neighbour notice novelist nurse oath observer
    orchard orchestra organ outpost oven paddock pageant parade parish partner passenger pasture patent patrol
    pavilion pension petition pharmacy photograph pianist pier pilgrim pilot pipeline planner plaza poet portrait
    premium printer prisoner procession producer profit prosecutor province publisher pump pupil quarry quota
    railway ranger rebate receipt referee refinery refund regatta registrar rehearsal rental repair reservoir
    retailer rider river road roof rota route runway sailor saloon salary sample sanctuary schedule scholar
    seminar senator sentry sergeant settlement sewer shareholder shelter shepherd shipyard signal skipper sluice
    smelter soldier speech squadron stable station statue steward storm strait stream subsidy suburb summit
    supplier surgeon survey tailor tanker tariff tavern teacher tenant terminal terrace theatre ticket timetable
    tower tractor trader tram treasury treaty tribunal trustee tunnel turbine tutor valley vaccine vendor verdict
    vessel veteran viaduct village vineyard voter voyage wage wagon warden warehouse watchman waterway well wharf
    widow window witness workshop yard zone
    """
)
VERBS: Final = _words(
    """
    abandoned accepted acquired adapted admired admitted advised altered amended announced answered approved
    arranged assessed assisted audited avoided backed balanced banned blamed blocked borrowed brought built
    cancelled carried challenged checked chose cleared closed collected completed condemned confirmed copied
    corrected counted covered criticised crossed debated defended delayed demanded described designed discussed
    divided doubled drained earned ended endorsed entered examined exceeded exchanged expected explained extended
    faced favoured fenced filled financed finished followed forced found gathered guided halted handled heard
    helped hired honoured improved included inspected insured invited joined kept launched learned leased led left
    limited lost measured met missed moved named needed neglected offered opened opposed ordered outlined owned
    painted passed planned postponed praised prepared preserved printed promised protected published questioned
    raised reached rebuilt received recovered reduced refused rejected released removed renewed rented repaid
    replaced reported rescued restored reviewed revised sealed searched secured shared signed sold split started
    studied supplied supported surveyed suspended taxed tested traced trained transferred treated urged visited
    watched welcomed widened won
    """
)
ADVERBS: Final = _words(
    """
    again apparently barely briefly clearly eventually finally firmly formally gently hardly largely mainly nearly
    once openly partly plainly promptly quickly quietly recently reluctantly safely slowly soon steadily still
    twice unexpectedly usually widely
    """
)
LINKS: Final = (
    "after", "although", "and", "as", "because", "before", "but", "even though", "so", "unless", "until", "when",
    "where", "whereas", "while", "yet",
)  # fmt: skip
TAILS: Final = (
    "at the end of the week", "by a wide margin", "despite the weather", "for the second time this year",
    "in spite of it all", "in the first half of the year", "on Monday", "on Thursday evening", "since the spring",
    "to nobody's surprise", "under the old rules", "with less than a day to spare", "without a word",
    "within hours",
)  # fmt: skip
PLACES: Final = (
    "Aldermere", "Bexcombe", "Calder Reach", "Dunsholt", "Elmsea", "Farrowdale", "Gullhaven", "Hartwick",
    "Ilsworth", "Jarnholm", "Kelderby", "Lowmarsh", "Mossgate", "Netherfold", "Orrin Bay", "Pellworth",
    "Quarrington", "Rushmere Cross", "Selkirk Moor", "Tarnbrook", "Upper Vale", "Varnmouth", "Wexley", "Yarrowby",
)  # fmt: skip
GIVEN: Final = _words(
    """
    Adaeze Agnes Bram Cecily Dorota Edith Farid Gideon Hester Ingrid Jasper Kofi Lorna Magnus Mireille Nadia Osman
    Philippa Quentin Rohan Saskia Tamsin Una Vikram Wilfred Xenia Yusuf Zelda
    """
)
FAMILY: Final = (
    "Adeyemi", "Ashcombe", "Bakker", "Bellweather", "Chaudhry", "Croft", "Delacroix", "Drummond", "Eklund",
    "Fairbairn", "Galbraith", "Haddad", "Holloway", "Ivanova", "Jardine", "Kendrick", "Lockhart", "Mbeki",
    "Norwood", "O'Rourke", "Pemberton", "Quayle", "Rasmussen", "Stapleford", "Thackeray", "Umarov", "van der Linde",
    "Wainwright", "Yeats", "Zielinski",
)  # fmt: skip


def plural(noun: str) -> str:
    """The plural of one of `NOUNS`."""
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def capitalised(text: str) -> str:
    """`text` with its first letter in upper case."""
    return text[:1].upper() + text[1:]


class Prose:
    """A writer of sentences; `random` decides on everything, so the same seed writes the same."""

    def __init__(self, seed: int) -> None:
        dice = random.Random(f"{seed}/prose")
        self._nouns = dice.sample(NOUNS, len(NOUNS))
        # Words are not equally common: a few hundred make up most of a text.
        self._weights = tuple(accumulate(1 / (rank + 12) for rank in range(len(NOUNS))))
        names = [f"{given} {family}" for given in GIVEN for family in FAMILY]
        self.people = tuple(dice.sample(names, 240))
        made = (self.sentence(dice) for _ in range(POOL))
        self.pool = tuple((text, len(text.split())) for text in made)

    def noun(self, dice: random.Random) -> str:
        """A noun, the common ones more often."""
        return dice.choices(self._nouns, cum_weights=self._weights)[0]

    def thing(self, dice: random.Random) -> str:
        """What a sentence speaks of: `the steady harvest`, `two thousand wharves`, `Elmsea`."""
        chance = dice.random()
        if chance < 0.08:
            return dice.choice(PLACES)
        if chance < 0.14:
            return dice.choice(self.people)
        if chance < 0.20:
            return f"{self._number(dice)} {plural(self.noun(dice))}"
        if chance < 0.32:
            return f"the {self.noun(dice)} {self.noun(dice)}"
        article = dice.choice(("the", "the", "a", "its", "their", "every", "no"))
        words = f"{dice.choice(ADJECTIVES)} {self.noun(dice)}" if dice.random() < 0.5 else self.noun(dice)
        if article == "a" and words[0] in "aeiou":
            article = "an"
        return f"{article} {words}"

    def clause(self, dice: random.Random) -> str:
        """Who did what, and sometimes where: no capital, no full stop."""
        adverb = f"{dice.choice(ADVERBS)} " if dice.random() < 0.2 else ""
        text = f"{self.thing(dice)} {adverb}{dice.choice(VERBS)} {self.thing(dice)}"
        chance = dice.random()
        if chance < 0.25:
            text += f" {dice.choice(('in', 'near', 'outside', 'beyond'))} {dice.choice(PLACES)}"
        elif chance < 0.45:
            text += f" {dice.choice(TAILS)}"
        return text

    def sentence(self, dice: random.Random) -> str:
        """A sentence of at most `LONGEST` words, with the punctuation of a newspaper."""
        while True:
            text = self.clause(dice)
            if dice.random() < 0.6:
                text += f"{',' if dice.random() < 0.5 else ''} {dice.choice(LINKS)} {self.clause(dice)}"
            if dice.random() < 0.08:
                text += f" {dice.choice(('—', '–', '--'))} {self.clause(dice)}"
            text = self._spoken(dice, capitalised(text))
            if len(text.split()) <= LONGEST:
                return text

    def _spoken(self, dice: random.Random, text: str) -> str:
        chance = dice.random()
        person = dice.choice(self.people)
        if chance < 0.09:
            return f'"{text}," {person} said.'
        if chance < 0.15:
            return f"“{text},” said {person}, who didn’t give a date."
        if chance < 0.17:
            return f"{text}; it wasn't {self.thing(dice)}, {person.split()[-1]}'s office said."
        if chance < 0.18:
            return f"{text}, say {person.split()[-1]} & Sons of {dice.choice(PLACES)}."
        return text + ("?" if chance > 0.98 else ".")

    def _number(self, dice: random.Random) -> str:
        return dice.choice(
            (
                str(dice.randint(2, 60)),
                f"{dice.randint(1, 90)},{dice.randint(0, 999):03}",
                f"some {dice.randint(2, 9)}.{dice.randint(1, 9)}% of the",
                f"${dice.randint(1, 800)} million worth of",
                "two dozen",
            )
        )

    def headline(self, dice: random.Random) -> str:
        """A headline of 5 to 14 words, some with a colon, quotation marks or an apostrophe."""
        chance = dice.random()
        subject = f"{dice.choice(ADJECTIVES)} {self.noun(dice)}"
        text = f"{subject} {dice.choice(VERBS)} {self.thing(dice)} {dice.choice(('in', 'near'))} {dice.choice(PLACES)}"
        if chance < 0.12:
            text = f"{dice.choice(PLACES)}: {text}"
        elif chance < 0.2:
            text = f"'{capitalised(text)}', says {dice.choice(self.people).split()[-1]}"
        elif chance < 0.28:
            text = f"{dice.choice(PLACES)}'s {text}"
        return capitalised(text)

    def phrase(self, dice: random.Random) -> str:
        """A subhead or a line of a list: a few words, no full stop."""
        first = f"{dice.choice(ADJECTIVES)} {plural(self.noun(dice))}"
        return capitalised(f"{first} {dice.choice(('and', 'for', 'without'))} {self.thing(dice)}")
