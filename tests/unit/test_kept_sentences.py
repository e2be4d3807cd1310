"""Sentences of an article that sound like the page around it: none is dropped, wherever it stands."""

from __future__ import annotations

import pytest

from sitegen.config import ReadingSettings
from sitegen.readers import read_source
from sitegen.records import Paragraph

PROSE = "The council met for hours on Tuesday and then sent its members home without having decided anything about the bridge."
TOP = "Bridge stays closed over the summer\n\nBy Ann Roe\nMay 3, 2019\n\n"
SENTENCES = """
Sign up, the sergeant told them, and half of the village did.
Read more books, she told the class of 1969, and fewer headlines.
Share the water, said the mayor, or we shall all be thirsty by July.
Advertisements for soap paid for the first serial on the radio.
Advertisement was not a word that he liked.
Copyright in the song had run out in 1987, the judge found.
The © sign was carved into the stone in 1924.
Follow us, the guide called, and forty tourists went down into the cave.
Subscribe to no theory, his teacher had written on the board.
JANE AND PETER HOLT were the first to cross the new bridge.
The ship was painted green (the owner was an Irishman named Doyle).
The last picture of her hung above the stove (photo paper was dear then).
Contact was lost at 3:12 a.m., and nobody slept in the control room.
Contact the embassy, the captain said, and he hung up.
Updated rules come into force on Monday, the ministry said.
Published in 1851, the novel sold fewer than 4,000 copies in his life.
Listen to the dead, the poet said at the grave.
Related cases were found in three other towns.
More about the fire was known by noon.
By Friday the river had fallen by two meters.
Comments from the floor were not recorded.
Save the whale was written on the wall.
Get out, the driver shouted at us.
Topics ranged from tea to war.
Support independent judges, the banner said.
Thank you for your patience, the loudspeaker said for nine hours.
Write to me, he said, and he never gave an address.
Click, and the door was shut behind them.
It was signed by 3,000 people in an hour.
Tickets cost $12 a month before the war.
He joined the newspaper in 1931 and covered the courts.
The newsletter of the club had 90 readers.
The e-mail came at noon: get out of the building.
"Read more," she said.
Print was dead, they said in 1999.
Join our ranks, said the poster of 1915.
Download speeds fell to a tenth on Sunday.
Video showed the mast falling slowly at first.
Photo albums floated down the street.
Photos: none were found in the house.
Editing by committee ruined the film, the director said.
See you in Paris, he wrote, and he did not come.
Try again, fail again, the coach liked to say.
Reply came there none.
Cookies were baked for the whole regiment.
Privacy was unknown on the ship, the diary says.
Live music returned to the square on Saturday.
Explore the cave and you will be cold for a week.
All rights were reserved for the crown until 1947.
Newsletters were printed in the cellar at night.
This article of the constitution was never used.
This story was told to every child in the valley.
Sponsored by a brewery, the team wore yellow.
Get the latest news, the king ordered, and a rider left.
Don't miss the last ferry, the sign says; many do.
Support for the plan fell to 31 percent.
Reach for the stars, the headmaster said.
The text was translated by monks in 1123.
»Wir bleiben«, sagte der Bürgermeister am Abend.
Weiterlesen wollte nach diesem Satz niemand mehr im Saal.
Teilen wir das Brot, sagte die Mutter am ersten Abend.
Abonnieren konnte man die Zeitung nur mit einem Stempel.
Folgen Sie mir, rief der Führer und ging in den Stollen.
Partager le pain était la règle de la maison.
Publicité mensongère, a tranché le tribunal mardi.
Lire aussi bien que lui, personne ne le pouvait.
Suivez le guide, criait l'enfant devant la grotte.
Compartir la mesa fue la regla de la casa.
Síguenos, gritó el guía, y bajaron cuarenta turistas.
Más de mil personas esperaban en la plaza.
Mais de mil pessoas esperavam na praça.
Condividi il pane, diceva la nonna ogni sera.
More than 300 people stood in line at dawn.
Other news reached the camp only in spring.
Plus de mille personnes attendaient sur la place.
Mehr von allem wollte der Kaiser, und er bekam weniger.
Altri articoli della legge restano in vigore.
Email him, she said, or call the office.
Reached by phone at 212-555-0100, the owner declined to comment.
Call the police at 555-0100, the sign on the door said.
Email threats sent to judge@court.example were traced to Ohio.
The reporter Ann Roe was among the first to arrive.
This story is not over.
Unauthorized fishing is prohibited in the bay.
"I agree."
Listen in the dark and you hear the river.
Information provided by the hospital shows a rise in March.
Haben Sie Hinweise? Die Polizei sucht noch immer.
Heb je een vraag aan de koning, dan wacht je lang.
Réactions en chaîne : la centrale fut arrêtée.
Veja o mar antes que acabe, disse o avô.
""".strip().split("\n")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_that_sounds_like_the_page_is_kept(sentence: str) -> None:
    for text in (f"{PROSE}\n\n{sentence}\n\n{PROSE} Again.", f"{PROSE}\n\n{PROSE} Again.\n\n{sentence}",
                 f"{sentence}\n\n{PROSE}\n\n{PROSE} Again."):  # fmt: skip
        (article,) = read_source("a.txt", f"{TOP}{text}\n".encode(), ReadingSettings()).articles
        assert sentence in [block.text for block in article.body if isinstance(block, Paragraph)]
